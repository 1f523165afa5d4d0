import { describe, expect, it } from 'vitest';
import { Decimal } from '../data/decimal.js';
import { bodyHashOf } from './body-hash.js';

class PlaceOrder {
  orderId = '1';
  lines = [{ sku: 'a', quantity: 2 }];
  note: string | undefined;
}

describe('bodyHashOf', () => {
  it('does not depend on the order of keys, at any level', () => {
    expect(bodyHashOf({ a: 1, b: { c: [1, { d: 2, e: 3 }], f: 4 } })).toBe(
      bodyHashOf({ b: { f: 4, c: [1, { e: 3, d: 2 }] }, a: 1 }),
    );
  });

  it('sees fields of a class as those of a plain object, and undefined ones not at all', () => {
    expect(bodyHashOf(new PlaceOrder())).toBe(bodyHashOf({ lines: [{ quantity: 2, sku: 'a' }], orderId: '1' }));
  });

  it('is the SHA-256 of the canonical text', () => {
    expect(bodyHashOf({})).toBe('RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o');
  });

  it.each([
    ['a changed value', { a: 1 }, { a: 2 }],
    ['a number and its text', { a: 1 }, { a: '1' }],
    ['a date and its text', { a: new Date(0) }, { a: '1970-01-01T00:00:00.000Z' }],
    ['a date and its number', { a: new Date(5) }, { a: 5 }],
    ['a Decimal and its text', { a: Decimal.of('1.5') }, { a: '1.5' }],
    ['a list in another order', { a: [1, 2] }, { a: [2, 1] }],
    ['null and nothing', { a: null }, {}],
    ['a list and an object', { a: ['x'] }, { a: { 0: 'x' } }],
    ['where a key ends', { 'a":1,"b': 1 }, { a: 1, b: 1 }],
  ])('tells apart %s', (_, left, right) => {
    expect(bodyHashOf(left)).not.toBe(bodyHashOf(right));
  });

  it('refuses circular structures by name', () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    expect(() => bodyHashOf(circular)).toThrow('circular');
  });
});
