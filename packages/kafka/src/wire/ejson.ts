import { Decimal, plainCopy } from '@nestfold/core';

type Fields = Record<string, unknown>;

const MAX_DEPTH = 100;
/** What the core looks at more closely, and mostly refuses. */
const SURROGATE = /[\uD800-\uDFFF]/;
const ODD_KEY = /^$|^\$|^__proto__$|^_bsontype$|[\0\uD800-\uDFFF]/;
/** The years that relaxed EJSON writes as text. */
const [FIRST_MS, LAST_MS] = [0, Date.UTC(9999, 11, 31, 23, 59, 59, 999)];

/**
 * Plain data (JSON values, `Date`, `Decimal`) in relaxed Extended JSON: what comes out of `fromEjson` is what went in, also where JSON alone would
 * forget it. Keys that begin with `$` are not data, so nothing needs to be escaped.
 */
export function toEjson(value: unknown): string {
  return JSON.stringify(tagged(value));
}

/**
 * The data in a text of Extended JSON, canonical or relaxed. Throws `SyntaxError` for other text and for types that are no plain data, and
 * `InvalidEvent` for what a store would refuse: the text comes from elsewhere.
 */
export function fromEjson(text: string): unknown {
  return untagged(JSON.parse(text), 0);
}

function tagged(value: unknown): unknown {
  if (typeof value === 'number') return Object.is(value, -0) ? { $numberDouble: '-0.0' } : value;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return { $date: dateText(value.getTime()) };
  if (Decimal.isDecimal(value)) return { $numberDecimal: value.toString() };
  if (Array.isArray(value)) return value.map(tagged);
  const fields: Fields = {};
  for (const [key, field] of Object.entries(value)) fields[key] = tagged(field);
  return fields;
}

function dateText(time: number): unknown {
  return time >= FIRST_MS && time <= LAST_MS ? new Date(time).toISOString() : { $numberLong: `${time}` };
}

/** In place: what was parsed is nobody else's. */
function untagged(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new SyntaxError(`There are more than ${MAX_DEPTH} levels.`);
  if (typeof value === 'string') return SURROGATE.test(value) ? plainCopy(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) value[index] = untagged(value[index], depth + 1);
    return value;
  }
  const fields = value as Fields;
  const keys = Object.keys(fields);
  if (keys.length === 1 && keys[0]!.startsWith('$')) return typed(keys[0]!, fields[keys[0]!]);
  for (const key of keys) {
    if (ODD_KEY.test(key)) plainCopy({ [key]: null });
    fields[key] = untagged(fields[key], depth + 1);
  }
  return fields;
}

function typed(tag: string, value: unknown): unknown {
  if (tag === '$date') return dateOf(value);
  if (typeof value !== 'string') throw new SyntaxError(`'${tag}' does not hold a text.`);
  switch (tag) {
    case '$numberDecimal':
      return Decimal.of(value);
    case '$numberInt':
    case '$numberLong':
      return wholeNumber(value);
    case '$numberDouble':
      return number(value);
    default:
      throw new SyntaxError(`'${tag}' is no plain data.`);
  }
}

function dateOf(value: unknown): Date {
  const time = typeof value === 'string' ? Date.parse(value) : Number(untagged(value, 0));
  // Beyond what a date can be, too.
  if (Number.isNaN(new Date(time).getTime())) throw new SyntaxError(`'$date' does not hold a date.`);
  return new Date(time);
}

function wholeNumber(text: string): number {
  const value = number(text);
  if (!Number.isSafeInteger(value)) throw new SyntaxError(`${text.slice(0, 40)} is no safe whole number.`);
  return value;
}

function number(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new SyntaxError(`${text.slice(0, 40)} is no number.`);
  return value;
}
