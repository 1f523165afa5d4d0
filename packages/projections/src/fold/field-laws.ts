import { Decimal } from '@nestfold/core';

/** The sum of a field and an amount. A missing field counts as 0. Throws for what is no number, and for a sum that is not exact. */
export function sumOf(path: string, present: unknown, amount: unknown): unknown {
  if (present === undefined) return amount;
  if (Decimal.isDecimal(present)) return present.plus(amount as Decimal | number);
  if (typeof present !== 'number') throw new TypeError(`'${path}' cannot be incremented: it holds no number.`);
  if (Decimal.isDecimal(amount)) return Decimal.of(present).plus(amount);
  const sum = present + (amount as number);
  if (Number.isSafeInteger(present) && !Number.isSafeInteger(sum))
    throw new RangeError(`'${path}' cannot be incremented: ${sum} is no safe integer.`);
  return sum;
}

/** An array field with items at its end. A missing field counts as an empty one. Throws `TypeError` for what is no array. */
export function pushedTo(path: string, present: unknown, items: readonly unknown[]): readonly unknown[] {
  if (present === undefined) return items;
  if (!Array.isArray(present)) throw new TypeError(`Nothing can be pushed to '${path}': it holds no array.`);
  return [...(present as readonly unknown[]), ...items];
}
