import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The header that carries the id of a conversation, in both directions. */
export const CORRELATION_HEADER = 'x-correlation-id';

const FIT = /^[A-Za-z0-9._:-]{1,128}$/;
const storage = new AsyncLocalStorage<string>();

/** The id of the conversation to which the present request belongs; `undefined` outside of requests. */
export function correlationId(): string | undefined {
  return storage.getStore();
}

/**
 * Gives each request a correlation id: the caller's where it is fit for a log, else a fresh one. It is answered, and it
 * stands in the request's own header for everything that comes after.
 */
export function correlateRequest(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const stated = request.headers[CORRELATION_HEADER];
  const id = typeof stated === 'string' && FIT.test(stated) ? stated : randomUUID();
  request.headers[CORRELATION_HEADER] = id;
  response.setHeader(CORRELATION_HEADER, id);
  storage.run(id, next);
}
