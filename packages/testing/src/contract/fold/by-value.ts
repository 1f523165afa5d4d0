import { Decimal } from '@nestfold/core';

/**
 * A document with each Decimal as the text of its value: 2, 2.0 and 2.00 are one number. A database leaves a field as it is where a sum
 * is equal to it, so how many places one keeps depends on whether amounts arrived in one update or in several.
 */
export function byValue(value: unknown): unknown {
  if (Decimal.isDecimal(value)) return shortest(value.toString());
  if (Array.isArray(value)) return value.map(byValue);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, byValue(field)]));
}

function shortest(decimal: string): string {
  const text = decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
  return `decimal ${text === '-0' ? '0' : text}`;
}
