import { STATUS_CODES } from 'node:http';

/**
 * What is answered instead of a result (RFC 9457), as `application/problem+json`. `code` is stable and what a client decides by.
 * @publicApi
 */
export interface Problem {
  /** Always `about:blank`: `code` says which kind it is. */
  readonly type: 'about:blank';
  /** The status in words. */
  readonly title: string;
  readonly status: number;
  /** What went wrong, for people. */
  readonly detail: string;
  readonly code: string;
  /** The path that was asked for. */
  readonly instance?: string;
  /** Under which the server's log knows the request. */
  readonly correlationId?: string;
  /** Everything that is wrong with the request, by path. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  /** Facts, such as the actual version of a stream. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Seconds after which the same request may be sent again; with `Idempotency-Key` it takes effect once. */
  readonly retryAfter?: number;
}

/** A problem, its title taken from the status. */
export function problem(
  status: number,
  code: string,
  detail: string,
  more: Partial<Omit<Problem, 'type' | 'title' | 'status' | 'code' | 'detail'>> = {},
): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code, ...more };
}
