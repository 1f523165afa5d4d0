import type { ParkedStream, Position, StorePosition } from '@nestfold/core';
import { afterEach, describe, expect, it } from 'vitest';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { writes } from '../definition/writes.js';
import { CustomerCard, OrderPlaced, shopEvents } from '../fixtures/shop.fixture.js';
import { fact } from '../fixtures/store.fixture.js';
import { ProjectionFold } from '../fold/projection-fold.js';
import type { Delivery, Stretch } from '../following/delivery.js';
import { at, commitAt } from '../following/scripted-feed.fixture.js';
import { BatchSource, type BatchLimits, type HeldStreams } from './batch-source.js';
import { endOf, heldBackOf, parkedBy, watermarksOf } from './ready-batch.js';

@Projection('cards', { version: 1, readModels: [CustomerCard] })
class Cards {
  @On(OrderPlaced) placed({ orderId }: OrderPlaced) {
    if (orderId.startsWith('bad')) throw new Error('no');
    return writes(CustomerCard).insert(orderId, { name: '' });
  }
}

const parked = new Map<string, ParkedStream>();
/** What becomes of what cannot be folded: all stops, or its stream is parked. */
const halts: HeldStreams['park'] = (failure) => Promise.reject(failure);
const parks: HeldStreams['park'] = (failure) => {
  const { stream, firstVersion } = failure.from!;
  const record = { id: `parked-${stream}`, stream, applied: firstVersion - 1 } as ParkedStream;
  parked.set(stream, record);
  return Promise.resolve(record);
};
let park = halts;
afterEach(() => {
  parked.clear();
  park = halts;
});

const four = { liveEvents: 3, historyEvents: 4, historyDocuments: 4, batchBytes: 1_000_000 };
const round = { began: at(100), horizon: at(90) };
const past = (seconds: number): StorePosition => ({ phase: 'history', ...round, after: at(seconds) });
const recently = (seconds: number): StorePosition => ({ phase: 'live', ...round, asOf: at(100), after: at(seconds) });
const live = (seconds: number): Position => ({
  phase: 'live',
  ...round,
  feed: { token: at(seconds), time: at(seconds) },
});

/** A commit of some orders; `after` missing: no batch may end with it. */
function delivery(stream: string, seconds: number, after: Position | undefined, ...orders: string[]): Delivery {
  const { commit } = commitAt(stream, 1, at(seconds));
  const events = orders.map((orderId) => fact(OrderPlaced, { orderId, customerId: 'c', total: 1 }));
  return { commit: { ...commit, events }, ...(after && { after }) };
}

function source(
  limits: BatchLimits,
  ...stretches: ((Pick<Stretch, 'deliveries' | 'position' | 'ended'> & { floor?: string }) | 'nothing more')[]
): BatchSource {
  const fold = new ProjectionFold(projectionDefinitionOf(Cards), shopEvents, { customer_card: 'c' });
  const next = (): Promise<Stretch> => {
    const stretch = stretches.shift();
    if (stretch === 'nothing more') return new Promise(() => undefined);
    return stretch === undefined
      ? Promise.reject(new Error('no more'))
      : Promise.resolve({ ...stretch, read: stretch.deliveries.length, more: true });
  };
  return new BatchSource(
    { next },
    {
      fold,
      limits,
      held: { of: (stream) => parked.get(stream), park: (failure) => park(failure) },
      attempts: 3,
      position: past(0),
      floor: undefined,
    },
  );
}

const streamsOf = (deliveries: readonly Delivery[]): string => deliveries.map(({ commit }) => commit.stream).join('');

describe('BatchSource', () => {
  it('fills a batch of history over several stretches, and ends it only where the time changes', async () => {
    const one = source(
      four,
      { deliveries: [delivery('a', 1, past(1), '1'), delivery('b', 2, past(2), '2', '3')], position: past(2) },
      {
        deliveries: [
          delivery('c', 3, undefined, '4'),
          delivery('d', 3, undefined, '5'),
          delivery('e', 3, past(3), '6'),
          delivery('f', 4, past(4), '7'),
        ],
        position: past(4),
      },
      { deliveries: [], position: live(101), floor: at(90) },
    );
    const first = await one.next();
    expect([streamsOf(first.deliveries), endOf(first).position, first.read]).toEqual(['abcde', past(3), 6]);
    const second = await one.next();
    expect([streamsOf(second.deliveries), endOf(second)]).toEqual([
      'f',
      { count: 1, position: live(101), floor: at(90) },
    ]);
  });

  // Bounded by numbers only, batches of large events held gigabytes.
  it('ends a batch where its events weigh enough, in history and live', async () => {
    const large = 'x'.repeat(1_000);
    const past3 = ['a', 'b', 'c'].map((stream, n) => delivery(stream, n + 1, past(n + 1), `${large}${n}`));
    const live3 = ['d', 'e', 'f'].map((stream, n) => delivery(stream, 101 + n, live(101 + n), `${large}${n}`));
    const limits = { liveEvents: 100, historyEvents: 100, historyDocuments: 100, batchBytes: 2_000 };
    const one = source(
      limits,
      { deliveries: past3, position: past(3) },
      { deliveries: live3, position: live(103), floor: at(90) },
    );
    const sizes: number[] = [];
    for (let seen = 0; seen < 6; seen += sizes.at(-1) ?? 0) sizes.push((await one.next()).deliveries.length);
    expect(sizes).toEqual([2, 2, 2]);
  });

  it('takes live what is there, up to the limit', async () => {
    const deliveries = ['a', 'b', 'c', 'd', 'e'].map((stream, n) => delivery(stream, 101 + n, live(101 + n), stream));
    const one = source(four, { deliveries, position: live(110) }, { deliveries: [], position: live(111) });
    const batches = [await one.next(), await one.next(), await one.next()];
    expect(batches.map((batch) => [streamsOf(batch.deliveries), endOf(batch).position])).toEqual([
      ['abc', live(103)],
      ['de', live(110)],
      ['', live(111)],
    ]);
    expect(watermarksOf(batches[0]!)).toEqual({
      time: at(103),
      rows: ['a', 'b', 'c'].map((stream) => ({ stream, seen: 1, applied: 1 })),
    });
  });

  it('takes what comes while the batch before it is written, and hands it over when that ends', async () => {
    let written = (): void => undefined;
    const writing = new Promise<void>((resolve) => (written = resolve));
    const one = source(
      { ...four, liveEvents: 10 },
      ...[101, 102].map((seconds) => ({
        deliveries: [delivery(`${seconds}-`, seconds, live(seconds), `${seconds}`)],
        position: live(seconds),
      })),
      'nothing more',
    );
    const next = one.next(writing);
    written();
    const { deliveries } = await next;
    expect(streamsOf(deliveries)).toBe('101-102-');
  });

  it('hands over what stands before a commit that cannot be folded, and then begins with it', async () => {
    const one = source(four, {
      deliveries: [
        delivery('a', 101, live(101), '1'),
        delivery('b', 102, live(102), '2', 'bad'),
        delivery('c', 103, live(103), '3'),
      ],
      position: live(103),
    });
    const first = await one.next();
    expect([streamsOf(first.deliveries), endOf(first).position, first.fold.events]).toEqual(['a', live(101), 1]);
    expect(first.stopped).toMatchObject({ error: { event: 'b:2' } });
    const again = await one.next();
    expect([streamsOf(again.deliveries), endOf(again).position, again.stopped?.error]).toEqual([
      '',
      live(101),
      expect.objectContaining({ event: 'b:2' }),
    ]);
  });

  it('hands over nothing of a time of history in which a commit fails', async () => {
    const one = source(four, {
      deliveries: [delivery('a', 1, past(1), '1'), delivery('b', 2, undefined, '2'), delivery('c', 2, past(2), 'bad')],
      position: past(2),
    });
    const { deliveries, cuts, fold } = await one.next();
    expect([streamsOf(deliveries), cuts.last?.position, fold.events]).toEqual(['a', past(1), 1]);
  });

  it('parks the stream of a commit that cannot be folded, and goes on behind it in the same batch', async () => {
    park = parks;
    const deliveries = [
      delivery('a', 101, live(101), '1'),
      delivery('b', 102, live(102), '2', 'bad'),
      delivery('b', 103, live(103), '3'),
      delivery('c', 104, live(104), '4'),
    ];
    const batch = await source({ ...four, liveEvents: 10 }, { deliveries, position: live(104) }).next();
    // Of the commit that fails nothing is folded, also not what stands before its failing event.
    expect([streamsOf(batch.deliveries), batch.fold.events, batch.stopped]).toEqual(['abbc', 2, undefined]);
    expect(parkedBy(batch).map(({ id }) => id)).toEqual(['parked-b']);
    const [, second] = batch.halves()!;
    expect([parkedBy(batch.before('c:1')!).length, parkedBy(second).length]).toEqual([1, 0]);
    expect(heldBackOf(second)).toEqual({ park: [], seen: [{ id: 'parked-b', seen: 1 }] });
  });

  // Forgotten in `handOverBefore`, it was held back from then on and never parked: it was lost.
  it('parks a stream again that it has parked behind the last place where a batch may end', async () => {
    park = parks;
    const one = source(four, {
      deliveries: [
        delivery('a', 1, past(1), '1'),
        delivery('b', 2, undefined, 'bad 1'),
        delivery('c', 2, past(2), 'bad 2'),
      ],
      position: past(2),
      ended: true,
    });
    park = (failure) => (failure.from?.stream === 'c' ? halts(failure) : parks(failure));
    const first = await one.next();
    expect([streamsOf(first.deliveries), parkedBy(first)]).toEqual(['a', []]);
    park = parks;
    const second = await one.next();
    expect(parkedBy(second).map(({ id }) => id)).toEqual(['parked-b', 'parked-c']);
  });

  it('gives what stands before an event that the store refuses', async () => {
    const one = source(four, {
      deliveries: [
        delivery('a', 101, live(101), '1'),
        delivery('b', 102, live(102), '2'),
        delivery('c', 103, live(103), '3'),
      ],
      position: live(103),
    });
    const batch = await one.next();
    const before = batch.before('b:1');
    expect([streamsOf(before?.deliveries ?? []), before && endOf(before).position, before?.fold.events]).toEqual([
      'a',
      live(101),
      1,
    ]);
    expect(batch.before('a:1')).toBeUndefined();
  });

  it('passes on the commits of a parked stream unfolded, and says how far they go', async () => {
    parked.set('b', { id: 'parked-b', applied: 0 } as ParkedStream);
    const one = source(four, {
      deliveries: [
        delivery('a', 101, live(101), '1'),
        delivery('b', 102, live(102), 'bad'),
        delivery('c', 103, live(103), '3'),
      ],
      position: live(103),
    });
    const batch = await one.next();
    expect([streamsOf(batch.deliveries), batch.fold.events, batch.stopped]).toEqual(['abc', 2, undefined]);
    expect(heldBackOf(batch)).toEqual({ park: [], seen: [{ id: 'parked-b', seen: 1 }] });
    expect(watermarksOf(batch)?.rows[1]).toEqual({ stream: 'b', seen: 1, applied: 0 });
  });

  it('gives a batch in two, each folded by itself, until it cannot be cut', async () => {
    const deliveries = ['a', 'b', 'c'].map((stream, n) => delivery(stream, 101 + n, live(101 + n), stream));
    const one = source({ ...four, liveEvents: 10 }, { deliveries, position: live(110) });
    const [first, second] = (await one.next()).halves() ?? [];
    expect([first, second].map((half) => [streamsOf(half!.deliveries), endOf(half!), half!.fold.events])).toEqual([
      ['ab', { count: 2, position: live(102), floor: undefined }, 2],
      ['c', { count: 1, position: live(110), floor: undefined }, 1],
    ]);
    expect(first?.halves()?.map((half) => streamsOf(half.deliveries))).toEqual(['a', 'b']);
    expect(second?.halves()).toBeUndefined();
  });

  it('hands over what it has when nothing follows, ever', async () => {
    const one = source(four, { deliveries: [delivery('a', 1, past(1), '1')], position: past(1), ended: true });
    const batch = await one.next();
    expect([streamsOf(batch.deliveries), batch.ended]).toEqual(['a', true]);
  });

  it('ends a live batch before the way back after lost history, so that its watermarks are written', async () => {
    // Taken away once to see this fail: the batch then ended in history, without watermarks, and the way back applied its commits again.
    for (const [from, back] of [
      [live(101), { ...past(50), again: at(110) }],
      [recently(95), { phase: 'live', began: at(100), horizon: at(90), again: at(110) }],
    ] as const) {
      const one = source(
        four,
        { deliveries: [delivery('a', 101, from, '1')], position: from },
        { deliveries: [], position: back },
        { deliveries: [], position: back },
      );
      const never = new Promise(() => undefined);
      const first = await one.next(never);
      expect([streamsOf(first.deliveries), endOf(first).position]).toEqual(['a', from]);
      expect(watermarksOf(first)?.rows).toEqual([{ stream: 'a', seen: 1, applied: 1 }]);
      expect(endOf(await one.next(never)).position).toEqual(back);
    }
  });
});
