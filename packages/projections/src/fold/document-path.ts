import { Decimal } from '@nestfold/core';

type Fields = Readonly<Record<string, unknown>>;

/** Whether a value holds fields that a path can lead into. */
function isFields(value: unknown): value is Fields {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !Decimal.isDecimal(value)
  );
}

/** What stands under a key; not what every object inherits: a word that was counted may be 'constructor'. */
function fieldOf(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** What stands at a dotted path; `undefined` for nothing. */
export function valueAt(document: Fields, path: string): unknown {
  if (!path.includes('.')) return fieldOf(document, path);
  let value: unknown = document;
  for (const key of path.split('.')) {
    if (!isFields(value)) return undefined;
    value = fieldOf(value, key);
  }
  return value;
}

/** The document with a value at a path; objects on the way are made. Copies what it changes. Throws `TypeError` where a value stands in the way. */
export function withValue<D extends Fields>(document: D, path: string, value: unknown): D {
  const point = path.indexOf('.');
  if (point < 0) return { ...document, [path]: value };
  const key = path.slice(0, point);
  const inner = fieldOf(document, key);
  if (inner !== undefined && !isFields(inner))
    throw new TypeError(`'${path}' cannot be set: '${key}' holds no object.`);
  return { ...document, [key]: withValue(inner ?? {}, path.slice(point + 1), value) };
}

/** The document without what stands at a path; nothing happens where there is nothing. Copies what it changes. */
export function withoutValue<D extends Fields>(document: D, path: string): D {
  const point = path.indexOf('.');
  const key = point < 0 ? path : path.slice(0, point);
  if (!Object.hasOwn(document, key)) return document;
  if (point < 0) {
    const { [key]: _gone, ...rest } = document;
    return rest as D;
  }
  const inner = document[key];
  return isFields(inner) ? { ...document, [key]: withoutValue(inner, path.slice(point + 1)) } : document;
}

/** Paths that were found right: the same few come with each event. */
const WRITABLE = new Set<string>();
const REMEMBERED = 1_000;

/** Throws `TypeError` for what is no path into a document, or leads to its id. */
export function checkedPath(path: string): string {
  if (WRITABLE.has(path)) return path;
  const bad = path
    .split('.')
    .some((key) => key === '' || key === '__proto__' || key === '_fedBy' || key.startsWith('$') || key.includes('\0'));
  if (bad || path === '_id' || path.startsWith('_id.'))
    throw new TypeError(`'${path}' is no field that can be written.`);
  if (WRITABLE.size < REMEMBERED) WRITABLE.add(path);
  return path;
}
