import { IsIn, Matches } from 'class-validator';
import { CURRENCIES, money, type Currency, type Money } from './money.js';

/** Money as it stands in JSON: `{"amount": "12.50", "currency": "USD"}`. Text, since JSON numbers round. */
export class MoneyValue {
  @Matches(/^\d{1,12}(\.\d{1,2})?$/, { message: '$property must be a decimal number as text, such as "12.50"' })
  amount!: string;

  @IsIn(CURRENCIES)
  currency!: Currency;
}

/** From JSON to value. Throws `RangeError` for what its validation would refuse. */
export function moneyOf(value: MoneyValue): Money {
  return money(value.amount, value.currency);
}

/** From an amount to JSON. */
export function moneyValue(amount: Money['amount'], currency: Currency): MoneyValue {
  return Object.assign(new MoneyValue(), { amount: amount.toString(), currency });
}
