import { isDate } from 'node:util/types';
import { Decimal } from '../data/decimal.js';

type Fields = Readonly<Record<string, unknown>>;

const INDEX = /^\d+$/;

/** A value stands where a path must lead through. */
export class PathBlocked extends Error {}

/** The value at a dotted path; a number names an element of an array. */
export function valueAt(document: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (at, key) => (isContainer(at) && Object.hasOwn(at, key) ? (at as Fields)[key] : undefined),
      document,
    );
}

/** All values that a test of a dotted path may look at: an array on the way, or at the end, counts with each element. */
export function candidatesAt(document: unknown, path: string): unknown[] {
  return path
    .split('.')
    .reduce<unknown[]>(
      (reached, key) =>
        reached.flatMap((at) => (isContainer(at) && Object.hasOwn(at, key) ? withElements((at as Fields)[key]) : [])),
      [document],
    );
}

/** A copy of a document with another value at a dotted path; objects on the way are made when they are missing. Throws `PathBlocked`. */
export function withValue<T extends object>(document: T, path: string, value: unknown): T {
  return put(document, path.split('.'), value, path) as T;
}

/** A copy of a document without what stands at a dotted path; an element of an array becomes null. */
export function withoutValue<T extends object>(document: T, path: string): T {
  return remove(document, path.split('.')) as T;
}

function withElements(value: unknown): unknown[] {
  return Array.isArray(value) ? [...(value as unknown[]), value] : [value];
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isDate(value) && !Decimal.isDecimal(value);
}

function put(at: unknown, [key = '', ...rest]: readonly string[], value: unknown, path: string): unknown {
  if (at !== undefined && !isContainer(at)) throw new PathBlocked(`'${path}' leads through what is no object`);
  if (Array.isArray(at)) {
    if (!INDEX.test(key)) throw new PathBlocked(`'${path}' leads through an array, of which '${key}' is no element`);
    const elements = at as unknown[];
    const index = Number(key);
    const filled: unknown[] = Array.from(
      { length: Math.max(elements.length, index + 1) },
      (_, other) => elements[other] ?? null,
    );
    filled[index] = rest.length === 0 ? value : put(elements[index], rest, value, path);
    return filled;
  }
  const fields = (at ?? {}) as Fields;
  return {
    ...fields,
    [key]: rest.length === 0 ? value : put(Object.hasOwn(fields, key) ? fields[key] : undefined, rest, value, path),
  };
}

function remove(at: unknown, [key = '', ...rest]: readonly string[]): unknown {
  if (!isContainer(at) || !Object.hasOwn(at, key)) return at;
  const child = (at as Fields)[key];
  if (Array.isArray(at))
    return (at as unknown[]).map((element, index) =>
      String(index) !== key ? element : rest.length > 0 ? remove(child, rest) : null,
    );
  if (rest.length > 0) return { ...at, [key]: remove(child, rest) };
  const { [key]: _removed, ...others } = at as Record<string, unknown>;
  return others;
}
