import { Decimal, type Commit } from '@nestfold/core';
import { Binary, BSON, Decimal128, Long, Timestamp, type Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { commitOf, type CommitDocument } from './commit-document.js';
import { CommitDecoder } from './stored-commit.js';

const document = (more: Document = {}, data: Document = { by: 1 }): Document => ({
  _id: { s: 'order-Ünï', v: 3 },
  n: 1,
  ts: new Timestamp({ t: 1_700_000_000, i: 7 }),
  at: new Date(5),
  h: 17,
  c: new Binary(Buffer.alloc(16, 7), Binary.SUBTYPE_UUID),
  e: [{ t: 'order.placed', k: 1, d: data }],
  m: { c: 'x', u: 'y' },
  ...more,
});

/** All that a commit says. */
const whole = ({
  stream,
  firstVersion,
  events,
  id,
  keyed,
  bodyHash,
  metadata,
  occurredAt,
  recordedAt,
  time,
}: Commit) => ({
  stream,
  firstVersion,
  events,
  id,
  keyed,
  bodyHash,
  metadata,
  occurredAt,
  recordedAt,
  time,
});

const nested = {
  a: [1, [2, { b: 'Ü', c: null }], []],
  d: { e: new Date(9), f: true, g: -0.5 },
  '': 'empty',
  'x.y': '$',
};

describe('CommitDecoder', () => {
  it.each<[string, Document]>([
    ['a common commit', document()],
    ['plain data of all kinds', document({}, nested)],
    ['several events', document({ n: 2, e: [...document()['e'], { t: 'order.shipped', k: 2, d: {} }] })],
    ["a caller's key, a body's hash and a time of its own", document({ keyed: true, b: 'hash', o: new Date(1) })],
    ['all metadata', document({ m: { c: 'x', u: 'y', a: { id: 'ada' }, t: 'tenant', p: '00-1', x: { k: 1 } } })],
    ['decimals', document({ x: true }, { price: Decimal128.fromString('1.50') })],
    [
      'large and very large numbers',
      document({}, { safe: Long.fromNumber(2 ** 50), big: Long.MAX_VALUE, double: 2 ** 40 }),
    ],
    ['versions as other numbers', document({ _id: { s: 'order-1', v: Long.fromNumber(2 ** 33) } })],
    ['what is no plain data', document({}, { id: new BSON.ObjectId(), bytes: Buffer.from('x'), re: /x/i })],
    ['fields in another order', { ...document(), e: [{ d: { by: 1 }, k: 1, t: 'order.placed' }] }],
    ['fields that it does not know', document({ q: { z: 1 }, e: [{ t: 'order.placed', k: 1, d: {}, z: 1 }] })],
    ['a dangerous name', JSON.parse(JSON.stringify(document()).replace('"by"', '"__proto__"')) as Document],
  ])('makes the same of %s as the driver does', (_what, stored) => {
    const fixed =
      'getTimestamp' in stored
        ? stored
        : { ...document(), ...stored, ts: document()['ts'], at: new Date(5), c: document()['c'] };
    const bytes = BSON.serialize(fixed);
    const expected = commitOf(BSON.deserialize(bytes) as CommitDocument);
    const commit = new CommitDecoder().decode(bytes);
    expect(whole(commit)).toStrictEqual(whole(expected));
    if (fixed['x'] === true) expect(Decimal.isDecimal((commit.events[0]!.data as { price: unknown }).price)).toBe(true);
  });

  it('keeps streams, names and types apart that share a decoder', () => {
    const decoder = new CommitDecoder();
    const all = ['order-a', 'order-a', 'order-b', 'order-é', 'order-aa', 'order-a'].map((s, index) =>
      BSON.serialize(
        document({ _id: { s, v: index + 1 }, e: [{ t: `type.${index % 2}`, k: 1, d: { [`field${index % 3}`]: s } }] }),
      ),
    );
    expect(all.map((bytes) => whole(decoder.decode(bytes)))).toStrictEqual(
      all.map((bytes) => whole(commitOf(BSON.deserialize(bytes) as CommitDocument))),
    );
  });

  it('decodes what stands within a larger buffer', () => {
    const bytes = BSON.serialize(document());
    const around = Buffer.concat([Buffer.alloc(13, 1), bytes, Buffer.alloc(5, 2)]);
    const commit = new CommitDecoder().decode(around.subarray(13, 13 + bytes.length));
    expect(whole(commit)).toStrictEqual(whole(commitOf(BSON.deserialize(bytes) as CommitDocument)));
  });
});
