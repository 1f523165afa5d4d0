import { InvalidMessage } from '@nestfold/core';
import type { RefusedMessagesQuery } from '@nestfold/projections';

const MAX_LIMIT = 200;
const RULES: Readonly<Record<string, { readonly most: number; readonly least: number; readonly rule: string }>> = {
  limit: { least: 1, most: MAX_LIMIT, rule: `must be a whole number from 1 to ${MAX_LIMIT}` },
  after: { least: 0, most: Number.MAX_SAFE_INTEGER, rule: 'must be `next` of the page before' },
};

/** Reads which refused messages are wanted. Throws `InvalidMessage` with everything that is wrong. */
export function refusedQueryOf(query: Readonly<Record<string, unknown>> = {}): RefusedMessagesQuery {
  const found: Record<string, number> = {};
  const problems = Object.entries(query).flatMap(([path, value]) => {
    const known = Object.hasOwn(RULES, path) ? RULES[path] : undefined;
    if (known === undefined) return [{ path: path.slice(0, 40), message: 'there is no such parameter' }];
    const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : NaN;
    if (!(number >= known.least && number <= known.most)) return [{ path, message: `${path} ${known.rule}` }];
    found[path] = number;
    return [];
  });
  if (problems.length > 0) throw new InvalidMessage('The query', problems.slice(0, 20));
  return found;
}
