import { Decimal, type PayloadCodec } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { expectRefusal } from '../outcome.js';
import { append, sampleEvent } from '../sample-append.js';

/** All that a payload may hold, at several depths. */
const RICH = {
  text: 'Grüße, 你好, 👩‍👩‍👧 \u0000 "quoted"\n',
  empty: '',
  integer: 42,
  negative: -7,
  large: Number.MAX_SAFE_INTEGER,
  fraction: 0.1,
  tiny: 5e-324,
  yes: true,
  no: false,
  nothing: null,
  at: new Date('1969-07-20T20:17:40.123Z'),
  price: Decimal.of('12.50'),
  'dotted.key': { 'deeper.key': [1], cash$: '$value', ключ: 'значение' },
  list: [1, 'two', null, [3, [4]], { five: Decimal.of('-0.005'), at: new Date(0) }, []],
  nested: {
    a: {
      b: { c: { d: { at: new Date('2024-02-29T00:00:00Z'), sum: Decimal.of('1234567890123456789012345678901234') } } },
    },
  },
  emptyObject: {},
};

/** Turns payloads around in the store, so that a reader without it sees another text. */
const reversing: PayloadCodec = {
  encode: async (items) =>
    items.map(({ event }) => ({ ...event, data: { sealed: reversed((event.data as { note: string }).note) } })),
  decode: async (items) =>
    items.map(({ event }) => ({ ...event, data: { note: reversed((event.data as { sealed: string }).sealed) } })),
};

function reversed(text: string): string {
  return [...text].reverse().join('');
}

/** What a payload may hold, and that it comes back as it was. */
export const payloadCases = [
  fact('gives back every kind of plain data as it was stored [W-8]', async ({ store, connect, stream }) => {
    const name = stream();
    await append(store, name, 'noStream', { events: [sampleEvent(RICH)] });
    const elsewhere = await connect();
    const data = (await elsewhere.events.head(name))?.events[0]?.data;
    expect(data).toStrictEqual(RICH);
    expect(Object.keys(data ?? {})).toEqual(Object.keys(RICH));
    expect(String((data as typeof RICH).price)).toBe('12.50');
  }),

  fact('drops fields that are undefined', async ({ store, stream }) => {
    const name = stream();
    await append(store, name, 'noStream', {
      events: [sampleEvent({ kept: 1, dropped: undefined, inner: { dropped: undefined } })],
    });
    expect((await store.events.head(name))?.events[0]?.data).toStrictEqual({ kept: 1, inner: {} });
  }),

  fact('shares no object with its callers', async ({ store, stream }) => {
    const name = stream();
    const data = { list: [1], at: new Date(0) };
    await append(store, name, 'noStream', { events: [sampleEvent(data)] });
    data.list.push(2);
    data.at.setTime(1);
    const first = (await store.events.head(name))?.events[0]?.data as typeof data;
    expect(first).toStrictEqual({ list: [1], at: new Date(0) });
    first.list.push(3);
    expect((await store.events.read(name)).commits[0]?.events[0]?.data).toStrictEqual({ list: [1], at: new Date(0) });
  }),

  fact('refuses what would not come back, and stores nothing [W-8]', async ({ store, stream }) => {
    const name = stream();
    const refused = [
      { $where: 1 },
      { inner: { $set: 1 } },
      { sum: Infinity },
      { big: 1n },
      { list: [undefined] },
      { at: new Date(Number.NaN) },
      { of: new Set() },
    ];
    for (const data of refused) {
      await expectRefusal(append(store, name, 'any', { events: [sampleEvent(), sampleEvent(data)] }), 'event.invalid');
    }
    expect(await store.events.head(name)).toBeUndefined();
  }),

  fact('refuses a commit above 8 MB and takes one of 7 MB [W-7]', async ({ store, stream }) => {
    const name = stream();
    const megabytes = (count: number) => [sampleEvent({ text: 'x'.repeat(count * 1024 * 1024) })];
    await expectRefusal(append(store, name, 'any', { events: megabytes(9) }), 'commit.too-large', { stream: name });
    expect((await append(store, name, 'any', { events: megabytes(7) })).version).toBe(1);
  }),

  fact('takes names of streams in any script', async ({ store }) => {
    const name = `contract-Ünï👍${Date.now()}-$x.y`;
    await append(store, name, 'noStream');
    expect((await store.events.read(name)).commits[0]?.stream).toBe(name);
  }),

  fact(
    'stores payloads as the codec encodes them, and reads them decoded [W-18]',
    async ({ store, connect, stream }) => {
      const name = stream();
      const coded = await connect({ codec: reversing });
      await append(coded, name, 'noStream', { events: [sampleEvent({ note: 'abc' }), sampleEvent({ note: 'xyz' })] });
      const notes = async (from: typeof store) =>
        (await from.events.read(name)).commits.flatMap(({ events }) => events.map(({ data }) => data));
      expect(await notes(coded)).toStrictEqual([{ note: 'abc' }, { note: 'xyz' }]);
      expect((await coded.events.head(name))?.events[1]?.data).toStrictEqual({ note: 'xyz' });
      expect(await notes(store)).toStrictEqual([{ sealed: 'cba' }, { sealed: 'zyx' }]);
    },
  ),
];
