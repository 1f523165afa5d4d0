import { Decimal } from '@nestfold/core';

const A_STRING = 16;
const A_NUMBER = 8;
const AN_OBJECT = 24;
const A_FIELD = 8;
const A_DATE_OR_DECIMAL = 48;

/** About how many bytes of memory plain data takes: to bound what is held at once, not to account for it. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return A_STRING + value.length;
  if (typeof value !== 'object' || value === null) return A_NUMBER;
  if (value instanceof Date || Decimal.isDecimal(value)) return A_DATE_OR_DECIMAL;
  let sum = AN_OBJECT;
  // Arrays too: their places are fields.
  for (const key in value) sum += A_FIELD + weightOf((value as Record<string, unknown>)[key]);
  return sum;
}
