import { Decimal } from '@nestfold/core';

/** The currencies in which the shop trades. One for now: reports add up amounts. */
export const CURRENCIES = ['USD'] as const;

/** A currency of the shop, as its ISO 4217 code. */
export type Currency = (typeof CURRENCIES)[number];

/** An amount of a currency: plain data, so that it survives storage. In JSON: `{"amount": "12.50", "currency": "USD"}`. */
export interface Money {
  readonly amount: Decimal;
  readonly currency: Currency;
}

/** The number of places of every amount; what is computed is rounded to it, half to even. */
export const MONEY_PLACES = 2;

/** An amount with two places, rounded half to even. Throws `RangeError` for a text that is no decimal number. */
export function money(amount: Decimal | string | number, currency: Currency = 'USD'): Money {
  return { amount: Decimal.of(amount).round(MONEY_PLACES), currency };
}

/** The sum. Throws `RangeError` where the currencies differ: that is a programming error, not a user's. */
export function addMoney(left: Money, right: Money): Money {
  // One currency so far, so types cannot differ; data from elsewhere can.
  if (String(left.currency) !== right.currency)
    throw new RangeError('Amounts of different currencies cannot be added.');
  return money(left.amount.plus(right.amount), left.currency);
}

/** The product with a number of pieces or a rate, rounded half to even. */
export function timesMoney(value: Money, factor: Decimal | string | number): Money {
  return money(value.amount.times(factor), value.currency);
}

/** Whether something is money of the shop: an amount of at most two places in a known currency. */
export function isMoney(value: unknown): value is Money {
  if (typeof value !== 'object' || value === null) return false;
  const { amount, currency } = value as Partial<Money>;
  return Decimal.isDecimal(amount) && amount.places <= MONEY_PLACES && CURRENCIES.some((known) => known === currency);
}
