import { pathOf, type Operation, type Schema } from './openapi-operations.js';
import type { Parts } from './shop-caller.js';

/** A request that must be refused. */
export interface HostileRequest {
  readonly title: string;
  readonly path: string;
  readonly parts: Parts;
  readonly expected: readonly number[];
  /** Whether the answer must list what is wrong. */
  readonly listed: boolean;
}

type Path = readonly (string | number)[];
interface Slot {
  readonly path: Path;
  readonly schema: Schema;
}

const LONG = 'x'.repeat(90_000);
const ANYTHING_ELSE: readonly unknown[] = [null, { $ne: null }, { $gt: '' }, [], [[]]];
const HOSTILE: Readonly<Record<string, readonly unknown[]>> = {
  string: [...ANYTHING_ELSE, 5, true, 'a\u0000b', '\ud800', 'a\udc00', LONG, ['x']],
  integer: [...ANYTHING_ELSE, '1', 1.5, true, 1e300, -1e300],
  boolean: [...ANYTHING_ELSE, 'true', 1],
  array: [null, 'x', 7, {}, { length: 1 }, [null], ['x'], [[]], [{ $ne: null }]],
  object: [null, 'x', 7, [], { $ne: null }, { constructor: 'x' }, { 'a\u0000': 'x' }],
};

/** Everything that a body, a query and a path of an operation must be refused for. */
export function hostileRequests(operation: Operation): readonly HostileRequest[] {
  return [...hostileBodies(operation), ...hostileQueries(operation), ...hostilePaths(operation)];
}

function hostileBodies(operation: Operation): HostileRequest[] {
  const { body } = operation;
  if (body === undefined) return [];
  const path = pathOf(operation);
  const sample = sampleOf(body) as Record<string, unknown>;
  const refused = (title: string, value: unknown): HostileRequest => ({
    title,
    path,
    parts: { body: value },
    expected: [400],
    listed: true,
  });
  const raw = (
    title: string,
    text: string,
    expected: number,
    headers: Record<string, string> = {},
  ): HostileRequest => ({
    title,
    path,
    parts: { raw: text, headers },
    expected: [expected],
    listed: false,
  });
  return [
    ...slotsOf(body).flatMap(({ path: at, schema }) =>
      (HOSTILE[schema.type ?? 'object'] ?? []).map((value) =>
        refused(`${at.join('.')} = ${shown(value)}`, withValue(sample, at, value)),
      ),
    ),
    ...(body.required ?? []).map((name) => refused(`without ${name}`, { ...sample, [name]: undefined })),
    refused('an unknown field', { ...sample, isAdmin: true }),
    refused('an operator', { ...sample, $where: 'sleep(1000)' }),
    raw('a prototype', JSON.stringify({ ...sample, x: 1 }).replace('"x":1', '"__proto__":{"isAdmin":true}'), 400),
    raw('an infinite number', `{"${Object.keys(sample)[0] ?? 'x'}":1e309}`, 400),
    raw('50,000 levels', `{"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 400),
    raw('1 MB', JSON.stringify({ ...sample, x: 'x'.repeat(1_000_000) }), 413),
    raw('no JSON', '{"x":', 400),
    raw('a list', '[]', 400),
    raw('a list of bodies', JSON.stringify([sample]), 400),
    raw('null', 'null', 400),
    raw('a text', 'x=1', 415, { 'content-type': 'application/x-www-form-urlencoded' }),
    raw('an unknown charset', JSON.stringify(sample), 415, { 'content-type': 'application/json; charset=utf-99' }),
  ];
}

function hostileQueries(operation: Operation): HostileRequest[] {
  const path = pathOf(operation);
  const refused = (query: string): HostileRequest => ({
    title: `?${query.slice(0, 60)}`,
    path: `${path}?${query}`,
    parts: {},
    expected: [400],
    listed: true,
  });
  const values = ['', 'a%00b', LONG.slice(0, 5_000)];
  const numbers = ['x', '1e3', '-1', '1.5', '0x10', '99999999999999999999', '1,2'];
  return operation.queryParameters.flatMap(({ name, schema }) => [
    ...(['integer', 'number', 'boolean'].includes(schema.type ?? '')
      ? numbers
      : values.slice(schema.type === 'array' ? 1 : 0)
    ).map((value) => refused(`${name}=${value}`)),
    ...(schema.type === 'array' ? [] : [refused(`${name}=1&${name}=1`)]),
    refused(`${name}[$ne]=1`),
    refused(`${name}[]=1`),
    refused(`${name}=1&$where=1`),
  ]);
}

function hostilePaths(operation: Operation): HostileRequest[] {
  const values = [
    '%00',
    '%ED%A0%80',
    '%E0%A4%A',
    '..%2f..%2fadmin',
    '%7B%22%24ne%22%3Anull%7D',
    'x'.repeat(1_000),
    '$where',
    '%20',
    'unknown',
  ];
  return operation.pathParameters.flatMap((name) =>
    values.map((value) => ({
      title: `{${name}} = ${value.slice(0, 40)}`,
      path: pathOf(operation, { [name]: value }),
      parts: operation.body === undefined ? {} : { body: sampleOf(operation.body) },
      expected: value === 'unknown' ? [404] : [400, 404],
      listed: false,
    })),
  );
}

/** A value that keeps to the schema, with all of its fields. */
export function sampleOf(schema: Schema): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'integer') return Math.max(schema.minimum ?? 1, 1);
  if (schema.type === 'boolean') return true;
  if (schema.type === 'array') return [sampleOf(schema.items ?? {})];
  if (schema.type !== 'object') return 'sample';
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, sampleOf(one)]));
}

function slotsOf(schema: Schema, path: Path = []): Slot[] {
  const own = path.length === 0 ? [] : [{ path, schema }];
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, one]) => slotsOf(one, [...path, name]));
  return [...own, ...fields, ...(schema.items ? slotsOf(schema.items, [...path, 0]) : [])];
}

function withValue(target: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const copy: unknown[] | Record<string, unknown> = Array.isArray(target)
    ? [...(target as unknown[])]
    : { ...(target as object) };
  const fields = copy as Record<string | number, unknown>;
  fields[key] = withValue(fields[key], rest, value);
  return copy;
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 40) ?? 'undefined';
}
