import { validateSync } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { addMoney, isMoney, money, timesMoney } from './money.js';
import { moneyOf, MoneyValue } from './money-value.js';

describe('money', () => {
  it('always has two places', () => {
    expect(JSON.stringify(money('12.5'))).toBe('{"amount":"12.50","currency":"USD"}');
    expect(money(3).amount.toString()).toBe('3.00');
  });

  it('is rounded half to even', () => {
    expect(timesMoney(money('0.25'), '0.1').amount.toString()).toBe('0.02');
    expect(timesMoney(money('0.35'), '0.1').amount.toString()).toBe('0.04');
    expect(timesMoney(money('1.45'), '0.1').amount.toString()).toBe('0.14');
  });

  it('adds exactly where floats do not', () => {
    expect(addMoney(money('0.10'), money('0.20')).amount.toString()).toBe('0.30');
    expect(0.1 + 0.2).not.toBe(0.3);
  });

  it('is told from what only looks like it', () => {
    expect(isMoney(money('1'))).toBe(true);
    expect(isMoney({ amount: '1.00', currency: 'USD' })).toBe(false);
    expect(isMoney({ ...money('1'), currency: 'XXX' })).toBe(false);
    expect(isMoney(null)).toBe(false);
  });
});

describe('money in JSON', () => {
  const problems = (fields: object) =>
    validateSync(Object.assign(new MoneyValue(), fields)).map(({ property }) => property);

  it('comes as text with at most two places', () => {
    expect(problems({ amount: '12.50', currency: 'USD' })).toEqual([]);
    expect(moneyOf({ amount: '12.5', currency: 'USD' }).amount.toString()).toBe('12.50');
  });

  it('is refused as a number, with signs, exponents or more places, or in another currency', () => {
    for (const amount of [12.5, '-1', '1e3', '1.005', '', ' 1', '1234567890123', { $ne: null }]) {
      expect(problems({ amount, currency: 'USD' })).toEqual(['amount']);
    }
    expect(problems({ amount: '1', currency: 'usd' })).toEqual(['currency']);
  });
});
