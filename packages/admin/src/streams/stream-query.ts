import { InvalidMessage, type LoadOptions } from '@nestfold/core';

/** Which page of a stream. */
export interface StreamPage {
  readonly from: number;
  readonly limit: number;
}

const MAX_LIMIT = 1_000;

/** Reads `from` (default 1) and `limit` (default 100, at most 1,000). Throws `InvalidMessage` with both when both are wrong. */
export function streamPageOf(from: unknown, limit: unknown): StreamPage {
  const page = {
    from: wholeNumber(from) ?? (from === undefined ? 1 : 0),
    limit: wholeNumber(limit) ?? (limit === undefined ? 100 : 0),
  };
  const problems = [
    ...(page.from >= 1 ? [] : [{ path: 'from', message: 'from must be a version, a whole number from 1' }]),
    ...(page.limit >= 1 && page.limit <= MAX_LIMIT
      ? []
      : [{ path: 'limit', message: `limit must be a whole number from 1 to ${MAX_LIMIT}` }]),
  ];
  if (problems.length > 0) throw new InvalidMessage('The query', problems);
  return page;
}

const KNOWN = ['from', 'limit', 'at'];

/** Refuses parameters that nobody reads: a typing error would silently answer something else. Throws `InvalidMessage`. */
export function refuseUnknownParameters(request: { readonly query?: unknown }): void {
  const unknown = Object.keys(request.query ?? {}).filter((name) => !KNOWN.includes(name));
  if (unknown.length === 0) return;
  const problems = unknown
    .slice(0, 20)
    .map((name) => ({ path: name.slice(0, 40), message: 'there is no such parameter' }));
  throw new InvalidMessage('The query', problems);
}

/** Reads `at`: a version, or a moment in ISO 8601. */
export function momentOf(at: unknown): LoadOptions | undefined {
  if (at === undefined) return undefined;
  const version = wholeNumber(at);
  if (version !== undefined && version >= 1) return { version };
  const moment = typeof at === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(at) ? new Date(at) : undefined;
  if (moment !== undefined && !Number.isNaN(moment.getTime())) return { at: moment };
  throw new InvalidMessage('The query', [
    { path: 'at', message: 'at must be a version, or a moment such as 2026-01-31T12:00:00Z' },
  ]);
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
