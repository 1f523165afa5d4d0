import { describe, expect, it } from 'vitest';
import { commandsOf, samplesOf } from './samples.js';
import { SeededRandom } from './seeded-random.js';

describe('the samples', () => {
  // With Math.random() in SeededRandom.next the first case fails: keys of an interrupted seeding would then meet other bodies.
  it('are the same at each call, and others for another seed', () => {
    expect(samplesOf()).toEqual(samplesOf());
    expect(samplesOf(1)).not.toEqual(samplesOf(2));
  });

  it('hold as much as is promised, with orders at every stage', () => {
    const samples = samplesOf();
    const { products, customers, orders, ratings } = samples;
    expect([products.length, customers.length, orders.length]).toEqual([100, 50, 500]);
    const ends = new Set(orders.map(({ stages }) => stages.at(-1) ?? 'draft'));
    expect(ends).toEqual(new Set(['draft', 'pending', 'confirmed', 'shipped', 'delivered', 'cancelled']));
    expect(commandsOf(samples)).toBe(
      100 + 50 + ratings.length + 500 + orders.reduce((sum, { stages }) => sum + stages.length, 0),
    );
  });

  it('name each thing once, and order only what there is', () => {
    const { products, customers, orders, ratings } = samplesOf();
    const productIds = new Set(products.map(({ productId }) => productId));
    const customerIds = new Set(customers.map(({ customerId }) => customerId));
    expect([productIds.size, customerIds.size]).toEqual([100, 50]);
    expect(new Set(products.map(({ sku }) => sku)).size).toBe(100);
    expect(customers.find(({ email }) => email === 'customer@shop.test')?.customerId).toBe('customer');
    for (const { customerId, items } of orders) {
      expect(customerIds.has(customerId)).toBe(true);
      expect(items.length).toBeGreaterThan(0);
      expect(items.every(({ productId }) => productIds.has(productId))).toBe(true);
      expect(new Set(items.map(({ productId }) => productId)).size).toBe(items.length);
    }
    expect(new Set(ratings.map(({ productId, customerId }) => `${productId}/${customerId}`)).size).toBe(ratings.length);
  });
});

describe('SeededRandom', () => {
  it('reaches both ends of a range and stays within it', () => {
    const random = new SeededRandom(7);
    const seen = new Set(Array.from({ length: 500 }, () => random.integer(1, 4)));
    expect(seen).toEqual(new Set([1, 2, 3, 4]));
  });

  it('picks different ones, and all where there are fewer', () => {
    const random = new SeededRandom(7);
    const items = [1, 2, 3, 4, 5];
    expect(new Set(random.some(items, 3)).size).toBe(3);
    expect(random.some(items, 9).sort()).toEqual(items);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});
