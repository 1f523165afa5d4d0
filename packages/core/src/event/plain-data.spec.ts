import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../data/decimal.js';
import { isInvalidEvent } from '../error/store.errors.js';
import { assertPlain, plainCopy, plainEventData } from './plain-data.js';

class Line {
  sku = 'a';
  quantity = 1;
}
class GiftLine extends Line {
  wish = '';
}
class Money {
  amount = '1';
  plus(): this {
    return this;
  }
}
class Price {
  get total(): number {
    return 1;
  }
}

const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
const circular: Record<string, unknown> = { list: [] };
(circular['list'] as unknown[]).push({ back: circular });

describe('plainCopy', () => {
  it('copies JSON values deeply', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!/"(|[$].*|__proto__|_bsontype)":/.test(JSON.stringify(value)));
        expect(plainCopy(value)).toEqual(value);
      }),
    );
    const original = { list: [{ at: new Date(5) }] };
    const copied = plainCopy(original);
    expect(copied).toEqual(original);
    expect(copied.list[0]).not.toBe(original.list[0]);
    expect(copied.list[0]?.at).not.toBe(original.list[0]?.at);
  });

  it('keeps Date and Decimal, and drops undefined fields', () => {
    const copied = plainCopy({ at: new Date(7), total: Decimal.of('1.50'), note: undefined });
    expect(Object.keys(copied)).toEqual(['at', 'total']);
    expect([copied.at.getTime(), copied.total.toString()]).toEqual([7, '1.50']);
  });

  it('copies an object of a class that has nothing but fields as a plain object', () => {
    const copied = plainCopy({ line: new GiftLine() });
    expect(Object.getPrototypeOf(copied.line)).toBe(Object.prototype);
    expect(copied).toEqual({ line: { sku: 'a', quantity: 1, wish: '' } });
  });

  it('takes objects without a prototype, and those of another realm', () => {
    expect(plainCopy(Object.assign(Object.create(null) as object, { a: 1 }))).toEqual({ a: 1 });
    expect(plainCopy(runInNewContext('({ a: [1], at: new Date(3) })'))).toEqual({ a: [1], at: new Date(3) });
  });

  it('takes the same object twice, which is no circle', () => {
    const address = { city: 'x' };
    expect(plainCopy({ from: address, to: address })).toEqual({ from: address, to: address });
  });

  it('takes dots in keys, and 100 levels', () => {
    expect(plainCopy({ 'a.b': 1 })).toEqual({ 'a.b': 1 });
    expect(() => assertPlain(nested(100))).not.toThrow();
  });

  it.each<[string, unknown, string]>([
    ['a function', { a: { b: () => 1 } }, 'a.b'],
    ['a symbol', { a: Symbol('x') }, 'a'],
    ['a bigint', { a: [1n] }, 'a[0]'],
    ['NaN', { a: Number.NaN }, 'a'],
    ['Infinity', { a: -Infinity }, 'a'],
    ['an invalid date', { a: new Date(Number.NaN) }, 'a'],
    ['a class with methods', { total: new Money() }, 'total'],
    ['a class with accessors', { total: new Price() }, 'total'],
    ['a Map', { a: new Map() }, 'a'],
    ['a Set', { a: new Set() }, 'a'],
    ['bytes', { a: new Uint8Array(2) }, 'a'],
    ['an error', { a: new Error('x') }, 'a'],
    ['a promise', { a: Promise.resolve(1) }, 'a'],
    ['undefined in an array, which would come back as null', { a: [1, undefined] }, 'a[1]'],
    ['a hole in an array', { a: Array.from({ length: 2 }, () => 1).concat(new Array<number>(1)) }, 'a[2]'],
    ['a circle', circular, 'list[0].back'],
    ['more than 100 levels', nested(101), Array.from({ length: 100 }, () => 'a').join('.')],
    ['half a surrogate pair', { a: 'x\uD800' }, 'a'],
    ['half a surrogate pair in a key', { 'x\uDC00': 1 }, 'x\uDC00'],
    ['an empty key', { a: { '': 1 } }, 'a.'],
    ['a NUL in a key', { 'a\0': 1 }, 'a\0'],
    ['the key __proto__', JSON.parse('{"a":{"__proto__":{"admin":true}}}'), 'a.__proto__'],
    ['a key with $', { a: { $ref: 'x', $id: 1 } }, 'a.$ref'],
    ['the driver’s own mark', { a: { _bsontype: 'Long' } }, 'a._bsontype'],
  ])('refuses %s, naming the path', (_, value, path) => {
    let thrown: unknown;
    try {
      plainCopy(value);
    } catch (error) {
      thrown = error;
    }
    expect(isInvalidEvent(thrown)).toBe(true);
    expect((thrown as { details: unknown }).details).toEqual({ path });
    expect(() => assertPlain(value)).toThrow();
  });
});

describe('plainEventData', () => {
  it('names the event’s type beside the path', () => {
    expect(() => plainEventData('order.placed', { total: Number.NaN })).toThrow(
      expect.objectContaining({ code: 'event.invalid', details: { type: 'order.placed', path: 'total' } }),
    );
  });

  it.each([[[]], [new Date()], [null], ['text'], [Decimal.of(1)], [undefined]])(
    'refuses %j, which has no fields',
    (data) => {
      expect(() => plainEventData('order.placed', data as object)).toThrow(
        expect.objectContaining({ code: 'event.invalid' }),
      );
    },
  );
});
