import { createHash } from 'node:crypto';
import { isDate } from 'node:util/types';
import { Decimal } from '../data/decimal.js';

/**
 * The SHA-256 of a message's fields, in base64url: the same for every order of keys, and with or without fields that are
 * `undefined`. Tells a repetition from another command under the same key. Throws `RangeError` for circular structures.
 */
export function bodyHashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('base64url');
}

function canonical(value: unknown): string {
  try {
    return text(value);
  } catch (error) {
    // A circular structure exhausts the stack, which is a RangeError as well: say what it is.
    if (error instanceof RangeError)
      throw new RangeError('A message with circular or too deep fields has no hash.', { cause: error });
    throw error;
  }
}

// Each kind has its own form, so that no two different values share a text: a date is not its ISO string.
function text(value: unknown): string {
  if (typeof value === 'bigint') return `n${value}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (isDate(value)) return `d${value.getTime()}`;
  if (Decimal.isDecimal(value)) return `m${value.toString()}`;
  if (Array.isArray(value)) return `[${Array.from(value, text).join(',')}]`;
  if (value instanceof Map || value instanceof Set) return `s${text([...value])}`;
  const fields = value as Record<string, unknown>;
  const keys = Object.keys(fields)
    .filter((key) => fields[key] !== undefined && typeof fields[key] !== 'function')
    .sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${text(fields[key])}`).join(',')}}`;
}
