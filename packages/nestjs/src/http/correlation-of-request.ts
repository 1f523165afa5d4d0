import { randomUUID } from 'node:crypto';
import { correlationIdIn, headersOf } from './header-values.js';

const known = new WeakMap<object, string>();

/** The conversation of a request: its header, or a fresh id; always the same for one request. */
export function correlationOf(request: object): string {
  const id = known.get(request) ?? correlationIdIn(headersOf(request)) ?? randomUUID();
  known.set(request, id);
  return id;
}
