import { isDate } from 'node:util/types';
import { Decimal } from '../data/decimal.js';
import { InvalidEvent } from '../error/store.errors.js';
import { isDataClass } from './data-class.js';

const MAX_DEPTH = 100;
/** With the `u` flag pairs are one character, so only a half without its other half matches. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * A deep copy of data that survives storage: JSON values, `Date`, `Decimal`. Fields that are `undefined` are dropped, and an object of a class that
 * has nothing but fields is copied as a plain object. Throws `InvalidEvent`, naming the path, for anything else: functions, symbols, bigints, class
 * instances with methods or accessors, `NaN` and infinities, invalid dates, `undefined` in an array, circular structures, more than 100 levels, text with half a
 * surrogate pair; and for keys that are empty, hold NUL, are `__proto__` or `_bsontype`, or begin with `$`.
 *
 * A database of version 5 or newer would take keys with `$`; they are refused since they do not come back from everywhere: the driver reads
 * `{$ref, $id}` as a reference, and EJSON on a topic reads `{$date}` as a date. Dots in keys are fine.
 */
export function plainCopy<T>(value: T): T {
  return copy(value, '', 0, []) as T;
}

/** Throws `InvalidEvent`, naming the path, where `plainCopy` would. */
export function assertPlain(value: unknown): void {
  copy(value, '', 0, []);
}

/** The data of one event, copied. Throws `InvalidEvent` that names the type and the path. */
export function plainEventData(type: string, data: object): object {
  try {
    const copied: unknown = copy(data, '', 0, []);
    if (
      typeof copied === 'object' &&
      copied !== null &&
      !Array.isArray(copied) &&
      !isDate(copied) &&
      !Decimal.isDecimal(copied)
    )
      return copied;
    return refuse('', 'is no object with fields');
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error;
    throw new InvalidEvent(`'${type}' cannot be stored: ${error.message}`, { ...error.details, type });
  }
}

function copy(value: unknown, path: string, depth: number, above: object[]): unknown {
  switch (typeof value) {
    case 'string':
      return LONE_SURROGATE.test(value) ? refuse(path, 'holds half a surrogate pair') : value;
    case 'number':
      return Number.isFinite(value) ? value : refuse(path, `is ${value}`);
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : copyObject(value, path, depth, above);
    case 'undefined':
      return refuse(path, 'is undefined');
    case 'bigint':
    case 'function':
    case 'symbol':
      return refuse(path, `is a ${typeof value}`);
  }
}

function copyObject(value: object, path: string, depth: number, above: object[]): unknown {
  if (Decimal.isDecimal(value)) return value;
  if (isDate(value))
    return Number.isNaN(value.getTime()) ? refuse(path, 'is an invalid date') : new Date(value.getTime());
  if (above.includes(value)) return refuse(path, 'refers to an object that holds it');
  if (depth >= MAX_DEPTH) return refuse(path, `lies deeper than ${MAX_DEPTH} levels`);
  above.push(value);
  const copied = Array.isArray(value) ? copyArray(value, path, depth, above) : copyFields(value, path, depth, above);
  above.pop();
  return copied;
}

function copyArray(items: readonly unknown[], path: string, depth: number, above: object[]): unknown[] {
  // Not `map`: it would jump over holes, and they would come back as null.
  return Array.from(items, (item, index) => copy(item, `${path}[${index}]`, depth + 1, above));
}

function copyFields(value: object, path: string, depth: number, above: object[]): object {
  if (!isDataClass(value))
    return refuse(path, `is a ${value.constructor?.name ?? 'class instance'}, whose class would be lost`);
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const field = (value as Record<string, unknown>)[key];
    if (field === undefined) continue;
    const at = path === '' ? key : `${path}.${key}`;
    const fault = keyFault(key);
    if (fault !== undefined) refuse(at, fault);
    fields[key] = copy(field, at, depth + 1, above);
  }
  return fields;
}

function keyFault(key: string): string | undefined {
  if (key === '') return 'has an empty key';
  if (key.includes('\0')) return 'has a key with a NUL';
  if (LONE_SURROGATE.test(key)) return 'has a key with half a surrogate pair';
  if (key === '__proto__' || key === '_bsontype') return `has the reserved key '${key}'`;
  if (key.startsWith('$')) return `has a key that begins with '$'`;
  return undefined;
}

function refuse(path: string, reason: string): never {
  throw new InvalidEvent(`${path === '' ? 'the value' : `'${path}'`} ${reason}.`, { path });
}
