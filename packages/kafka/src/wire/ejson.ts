import { Decimal, plainCopy } from '@nestfold/core';

type Fields = Record<string, unknown>;

const MAX_DEPTH = 100;
/** What the core looks at more closely, and mostly refuses. */
const SURROGATE = /[\uD800-\uDFFF]/;
const ODD_KEY = /^$|^\$|^__proto__$|^_bsontype$|[\0\uD800-\uDFFF]/;
/** A text without these holds neither a surrogate nor, since it would be escaped, a NUL: most texts, whose strings need no look of their own. */
const ODD_TEXT = /[\\\uD800-\uDFFF]/;
/** One that has none of these either holds no tag, and no key that is odd: what is parsed is the data. */
const MARKED_TEXT = /[\\\uD800-\uDFFF]|"(?:[$"]|__proto__"|_bsontype")/;
const [DOLLAR, UNDERSCORE] = [0x24, 0x5f];
/** What makes a bracket a brace, and a brace what it is. */
const [LOWER, BRACE] = [0x20, 0x7b];
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
  const value: unknown = JSON.parse(text);
  return MARKED_TEXT.test(text) || mayBeDeep(text) ? untagged(value, 0, ODD_TEXT.test(text)) : value;
}

/** Whether so many lists and objects begin in a text that they may stand in one another deeper than is allowed. */
function mayBeDeep(text: string): boolean {
  let begun = 0;
  for (let at = 0; at < text.length && begun <= MAX_DEPTH; at += 1)
    if ((text.charCodeAt(at) | LOWER) === BRACE) begun += 1;
  return begun > MAX_DEPTH;
}

/** Copies only what holds something that needs a tag: most does not. */
function tagged(value: unknown): unknown {
  if (typeof value === 'number') return Object.is(value, -0) ? { $numberDouble: '-0.0' } : value;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return { $date: dateText(value.getTime()) };
  if (Decimal.isDecimal(value)) return { $numberDecimal: value.toString() };
  if (Array.isArray(value)) return value.map(tagged);
  let copy: Fields | undefined;
  for (const key of Object.keys(value)) {
    const field = (value as Fields)[key];
    const written = tagged(field);
    if (written !== field) (copy ??= { ...value })[key] = written;
  }
  return copy ?? value;
}

function dateText(time: number): unknown {
  return time >= FIRST_MS && time <= LAST_MS ? new Date(time).toISOString() : { $numberLong: `${time}` };
}

/** In place: what was parsed is nobody else's. `mayBeOdd`: its strings and keys are looked at one by one. */
function untagged(value: unknown, depth: number, mayBeOdd: boolean): unknown {
  if (depth > MAX_DEPTH) throw new SyntaxError(`There are more than ${MAX_DEPTH} levels.`);
  if (typeof value === 'string') return mayBeOdd && SURROGATE.test(value) ? plainCopy(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) value[index] = untagged(value[index], depth + 1, mayBeOdd);
    return value;
  }
  const fields = value as Fields;
  // Not by a list of the keys, which would be one more object for each: all that is parsed has only keys of its own.
  for (const key in fields) {
    if (key.charCodeAt(0) === DOLLAR && isAlone(fields)) return typed(key, fields[key]);
    if ((mayBeOdd || mayBegin(key.charCodeAt(0))) && ODD_KEY.test(key)) plainCopy({ [key]: null });
    const field = fields[key];
    // Of most fields nothing is to be changed.
    if (typeof field === 'object' ? field !== null : mayBeOdd || depth >= MAX_DEPTH)
      fields[key] = untagged(field, depth + 1, mayBeOdd);
  }
  return fields;
}

/** Whether there is only one key. */
function isAlone(fields: Fields): boolean {
  let isFirst = true;
  for (const _ in fields) {
    if (!isFirst) return false;
    isFirst = false;
  }
  return true;
}

/** Whether a key that begins so may be refused where the text as a whole is not odd; NaN is the beginning of an empty one. */
function mayBegin(first: number): boolean {
  return first === DOLLAR || first === UNDERSCORE || Number.isNaN(first);
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
  const date = new Date(typeof value === 'string' ? value : Number(untagged(value, 0, true)));
  // Beyond what a date can be, too.
  if (Number.isNaN(date.getTime())) throw new SyntaxError(`'$date' does not hold a date.`);
  return date;
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
