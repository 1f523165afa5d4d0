import { isDate } from 'node:util/types';
import { isDeepStrictEqual } from 'node:util';
import { Decimal } from '../data/decimal.js';

const encoder = new TextEncoder();

/** Negative, 0 or positive for two values of one kind; `undefined` where they cannot be compared. Text is ordered by its UTF-8 bytes, as in a database. */
export function compareValues(left: unknown, right: unknown): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (isNumeric(left) && isNumeric(right)) return compareDecimals(left, right);
  if (typeof left === 'string' && typeof right === 'string')
    return left === right ? 0 : Buffer.compare(encoder.encode(left), encoder.encode(right));
  if (isDate(left) && isDate(right)) return left.getTime() - right.getTime();
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return undefined;
}

/** Whether two values are the same: decimals by value, dates by time, null and nothing alike, anything else by its contents. */
export function equalValues(left: unknown, right: unknown): boolean {
  if (right === null || right === undefined) return left === null || left === undefined;
  const order = compareValues(left, right);
  return order === undefined ? isDeepStrictEqual(left, right) : order === 0;
}

/** The order in which a sort puts any two values: by kind as a database does, then by value. */
export function sortValues(left: unknown, right: unknown): number {
  return rankOf(left) - rankOf(right) || (compareValues(left, right) ?? 0);
}

function rankOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (isNumeric(value)) return 1;
  if (typeof value === 'string') return 2;
  if (isDate(value)) return 6;
  if (typeof value === 'boolean') return 5;
  return Array.isArray(value) ? 4 : 3;
}

function isNumeric(value: unknown): value is number | Decimal {
  return typeof value === 'number' || Decimal.isDecimal(value);
}

function compareDecimals(left: number | Decimal, right: number | Decimal): number {
  const exact = (value: number | Decimal): boolean => typeof value !== 'number' || Number.isSafeInteger(value);
  return exact(left) && exact(right) ? Decimal.of(left).compare(right) : Number(String(left)) - Number(String(right));
}
