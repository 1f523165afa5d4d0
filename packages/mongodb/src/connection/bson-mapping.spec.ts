import { randomUUID } from 'node:crypto';
import { Decimal, storeTime } from '@nestfold/core';
import { BSON, Decimal128, Timestamp, type Binary } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { fromBson, holdsDecimal, storeTimeOf, timestampOf, toBson, uuidBinary, uuidText } from './bson-mapping.js';

const throughServer = <T extends object>(value: T): T => BSON.deserialize(BSON.serialize(value)) as T;

describe('store times', () => {
  it.each([
    [0, 0],
    [1_700_000_000, 3],
    [0xffff_ffff, 0xffff_ffff],
  ])('are timestamps of %d seconds and counter %d, both ways', (t, i) => {
    const time = storeTime(t, i);
    expect(timestampOf(time).equals(new Timestamp({ t, i }))).toBe(true);
    expect(storeTimeOf(timestampOf(time))).toBe(time);
    expect(storeTimeOf(throughServer({ ts: timestampOf(time) }).ts)).toBe(time);
  });
});

describe('UUIDs', () => {
  it('take 16 bytes of their own kind, and come back as text', () => {
    const text = randomUUID();
    const { id } = throughServer<{ id: Binary }>({ id: uuidBinary(text) });
    expect([id.sub_type, id.length()]).toEqual([4, 16]);
    expect(uuidText(id)).toBe(text);
  });
});

describe('decimals', () => {
  it.each([
    '12.50',
    '-0.005',
    '0',
    '0.00',
    '1234567890123456789012345678901234',
    '0.0000000000000000000000000000000001',
    '1000000',
  ])('of %s keep value and places', (text) => {
    const stored = throughServer(toBson({ price: Decimal.of(text) }));
    expect(stored.price).toBeInstanceOf(Decimal128);
    expect(String(fromBson(stored).price)).toBe(text);
  });

  it('are read as the server writes sums, in scientific form', () => {
    const { sum } = fromBson({ sum: Decimal128.fromString('1.25E-7') as unknown as Decimal });
    expect(String(sum)).toBe('0.000000125');
  });

  it('are found at any depth, and nothing else is changed', () => {
    const at = new Date(5);
    const data = { list: [{ a: null }, [Decimal.of('1')]], at, text: 'x' };
    expect(holdsDecimal(data)).toBe(true);
    expect(holdsDecimal({ list: [{ a: 1 }], at, nothing: null })).toBe(false);
    expect(fromBson(toBson(data))).toStrictEqual(data);
  });
});
