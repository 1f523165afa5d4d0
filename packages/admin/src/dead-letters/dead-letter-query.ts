import { InvalidMessage, NotFound } from '@nestfold/core';
import type { DeadLetterQuery } from '@nestfold/projections';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NAME = /^[\w.$-]{1,200}$/;
const MAX_LIMIT = 500;

/** How each parameter is read; `undefined` for what cannot be. */
const READERS: Readonly<Record<string, { readonly read: (value: string) => unknown; readonly rule: string }>> = {
  projection: { read: nameOf, rule: 'must be the name of a projection' },
  handler: { read: nameOf, rule: 'must be the name of an events handler' },
  limit: { read: limitOf, rule: `must be a whole number from 1 to ${MAX_LIMIT}` },
  after: { read: (value) => (UUID.test(value) ? value : undefined), rule: 'must be `next` of the page before' },
};

/** Reads which dead letters are wanted. Throws `InvalidMessage` with everything that is wrong. */
export function deadLetterQueryOf(query: Readonly<Record<string, unknown>> = {}): DeadLetterQuery {
  const entries = Object.entries(query).map(([path, value]) => {
    const reader = Object.hasOwn(READERS, path) ? READERS[path] : undefined;
    return { path, reader, value: typeof value === 'string' ? reader?.read(value) : undefined };
  });
  const problems = entries.flatMap(({ path, reader, value }) => {
    if (reader === undefined) return [{ path: path.slice(0, 40), message: 'there is no such parameter' }];
    return value === undefined ? [{ path, message: `${path} ${reader.rule}` }] : [];
  });
  if (query['projection'] !== undefined && query['handler'] !== undefined)
    problems.push({ path: 'handler', message: 'handler must not stand beside projection' });
  if (problems.length > 0) throw new InvalidMessage('The query', problems.slice(0, 20));
  return Object.fromEntries(entries.map(({ path, value }) => [path, value]));
}

/** The id in a path. Throws `NotFound` for what is none, so that no store need be asked. */
export function deadLetterIdOf(id: string): string {
  if (UUID.test(id)) return id.toLowerCase();
  throw new NotFound('dead letter', id.slice(0, 100));
}

function nameOf(value: string): string | undefined {
  return NAME.test(value) ? value : undefined;
}

function limitOf(value: string): number | undefined {
  const limit = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  return limit >= 1 && limit <= MAX_LIMIT ? limit : undefined;
}
