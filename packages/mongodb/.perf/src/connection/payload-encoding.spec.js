import { Decimal, plainCopy } from '@nestfold/core';
import { BSON, Decimal128 } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { fromBson } from './bson-mapping.js';
import { encodePayload } from './payload-encoding.js';
class Point {
    x;
    y;
    constructor(x, y) {
        this.x = x;
        this.y = y;
    }
}
const PLAIN = {
    text: 'Grüße 你好',
    emoji: 'a👍b',
    long: 'ß'.repeat(300),
    numbers: [0, -1, 2 ** 31, 0.1, Number.MAX_SAFE_INTEGER],
    yes: true,
    nothing: null,
    at: new Date(5),
    empty: {},
    none: [],
    deep: { list: [{ a: [[1]] }], 'dotted.key': 1 },
};
describe('encodePayload', () => {
    it('copies what the core calls plain, as the core copies it', () => {
        expect(encodePayload('t', PLAIN).data).toStrictEqual(plainCopy(PLAIN));
        expect(encodePayload('t', { at: new Point(1, 2), gone: undefined }).data).toStrictEqual({ at: { x: 1, y: 2 } });
    });
    it('shares no object with its source', () => {
        const source = { list: [{ a: 1 }], at: new Date(0) };
        const { data } = encodePayload('t', source);
        source.list[0].a = 2;
        source.at.setTime(9);
        expect(data).toStrictEqual({ list: [{ a: 1 }], at: new Date(0) });
    });
    it.each([
        ['plain', { price: Decimal.of('12.50'), list: [Decimal.of('-0.005')] }],
        ['odd', { price: Decimal.of('12.50'), list: [Decimal.of('-0.005')], emoji: '👍' }],
    ])('stores decimals as the server does and says so, in %s data', (_, data) => {
        const encoded = encodePayload('t', data);
        expect(encoded.decimals).toBe(true);
        expect(encoded.data.price).toBeInstanceOf(Decimal128);
        expect(fromBson(encoded.data)).toStrictEqual(data);
        expect(encodePayload('t', { price: 12 }).decimals).toBe(false);
    });
    it.each([
        ['small', { a: 1 }],
        ['texts', { short: 'x', long: 'y'.repeat(1_000), list: Array.from({ length: 50 }, () => 'zz') }],
        ['plain', PLAIN],
        ['decimals', { list: Array.from({ length: 20 }, () => Decimal.of('1.5')) }],
        ['three-byte texts', { 键: '值'.repeat(40), list: ['值'] }],
        ['items', { list: Array.from({ length: 2_000 }, (_, index) => [index, null, true, {}]) }],
    ])('never measures too little: %s', (_, data) => {
        const { bytes, data: encoded } = encodePayload('t', data);
        const real = BSON.calculateObjectSize(encoded);
        expect(bytes).toBeGreaterThanOrEqual(real);
        expect(bytes).toBeLessThan(4 * real);
    });
    it.each([
        ['a field', { inner: { fn: () => 1 } }, 'inner.fn'],
        ['an item', { list: [1, undefined] }, 'list[1]'],
        ['a key', { inner: { $set: 1 } }, 'inner.$set'],
        ['half a pair', { text: '\uD800' }, 'text'],
        ['a number', { sum: Number.NaN }, 'sum'],
        ['a date', { at: new Date(Number.NaN) }, 'at'],
    ])('refuses %s that would not come back, and names its path', (_, data, path) => {
        expect(() => encodePayload('order.placed', data)).toThrow(expect.objectContaining({ code: 'event.invalid', details: { path, type: 'order.placed' } }));
    });
    it('refuses what refers to itself', () => {
        const circular = {};
        circular.self = circular;
        expect(() => encodePayload('t', circular)).toThrow(expect.objectContaining({ code: 'event.invalid' }));
    });
});
