import { money, type OrderedItem } from '@shop/contracts';
import { describe, expect, it } from 'vitest';
import { totalsOf } from './order-totals.js';
import { itemOf } from './quote.js';

const item = (price: string, quantity: number): OrderedItem =>
  itemOf({ productId: price, price: money(price), forSale: true }, quantity);
const texts = (items: readonly OrderedItem[]) =>
  Object.fromEntries(
    Object.entries(totalsOf(items)).map(([name, value]) => [name, (value as { amount: unknown }).amount?.toString()]),
  );

describe('the totals of an order', () => {
  it('are the goods, 10 % tax on them, and 10.00 for the way', () => {
    expect(texts([item('299.99', 2)])).toEqual({
      subtotal: '599.98',
      tax: '60.00',
      shipping: '10.00',
      total: '669.98',
    });
  });

  it('round the tax half to even, on the sum and not on each item', () => {
    expect(texts([item('0.25', 1)])).toMatchObject({ tax: '0.02' });
    expect(texts([item('0.35', 1)])).toMatchObject({ tax: '0.04' });
    expect(texts([item('0.25', 1), item('0.20', 1)])).toMatchObject({ subtotal: '0.45', tax: '0.04' });
  });

  it('are nothing where there is nothing to send', () => {
    expect(texts([])).toEqual({ subtotal: '0.00', tax: '0.00', shipping: '0.00', total: '0.00' });
  });

  it('stay exact where floats do not', () => {
    expect(texts(Array.from({ length: 100 }, () => item('0.10', 1)))).toMatchObject({ subtotal: '10.00' });
    expect(texts([item('999999999999.99', 1_000)])).toMatchObject({ subtotal: '999999999999990.00' });
  });
});
