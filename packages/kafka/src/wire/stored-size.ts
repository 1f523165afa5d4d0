import { Decimal } from '@nestfold/core';

/** What stands before each value in a stored document, beside the name of its field: a type, and an end. */
const AROUND = 2;

/**
 * About the bytes that plain data take in a store, and not less. A text is no measure of it: `[1,1,1…]` takes five times as much there. For what
 * `fromEjson` has made, which is no deeper than that allows.
 */
export function storedSizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 5;
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value !== 'object' || value instanceof Date) return 8;
  if (Decimal.isDecimal(value)) return 16;
  let size = 5;
  if (Array.isArray(value))
    for (let index = 0; index < value.length; index += 1)
      size += `${index}`.length + AROUND + storedSizeOf(value[index]);
  else for (const [key, field] of Object.entries(value)) size += Buffer.byteLength(key) + AROUND + storedSizeOf(field);
  return size;
}
