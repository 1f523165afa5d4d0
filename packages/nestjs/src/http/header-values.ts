import { InvalidMessage } from '@nestfold/core';
import { keyProblem } from '../context/message-key.js';

/** Headers as Node gives them: names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The headers of a request, of whichever platform. */
export function headersOf(request: unknown): RequestHeaders {
  return (request as { headers?: RequestHeaders } | null | undefined)?.headers ?? {};
}

/** The caller's key. Throws `InvalidMessage` for one that is empty, longer than 200 characters or holds control characters. */
export function idempotencyKeyIn(headers: RequestHeaders): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  const problem = keyProblem(key);
  if (problem !== undefined) throw unfit('Idempotency-Key', problem);
  return key as string;
}

const VERSION = /^(?:"(\d{1,16})"|(\d{1,16}))$/;

/**
 * The version in `If-Match`: `"7"` or `7`. Throws `InvalidMessage` for anything else, weak tags, lists and `*` included:
 * guessing what they mean would overwrite what the caller has not seen.
 */
export function versionIn(headers: RequestHeaders): number | undefined {
  const header = headers['if-match'];
  if (header === undefined) return undefined;
  const match = typeof header === 'string' ? VERSION.exec(header.trim()) : null;
  const version = Number(match?.[1] ?? match?.[2] ?? Number.NaN);
  if (Number.isSafeInteger(version)) return version;
  throw unfit('If-Match', 'must be one version, such as "7"; weak tags, lists and * are not understood');
}

const CORRELATION = /^[\x21-\x7e]{1,128}$/;

/** The caller's correlation id, unless it is unfit for a log line. */
export function correlationIdIn(headers: RequestHeaders): string | undefined {
  const id = headers['x-correlation-id'];
  return typeof id === 'string' && CORRELATION.test(id) ? id : undefined;
}

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The W3C trace context, where it is one: a broken one is to be ignored. */
export function traceparentIn(headers: RequestHeaders): string | undefined {
  const header = headers['traceparent'];
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : undefined;
}

function unfit(name: string, message: string): InvalidMessage {
  return new InvalidMessage(`The header ${name}`, [{ path: name, message: `${name} ${message}` }]);
}
