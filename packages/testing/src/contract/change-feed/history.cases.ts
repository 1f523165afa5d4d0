import {
  Decimal,
  partitionOf,
  sliceOf,
  sliceRange,
  type Commit,
  type HistoryRange,
  type StoreConnection,
  type StreamName,
} from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { append, sampleEvent } from '../sample-append.js';
import { placeOf, versionsOf } from './following.js';

/** The arrays of a stretch of history, reduced to these streams; empty ones are left out. */
async function pagesOf(
  store: StoreConnection,
  range: HistoryRange,
  streams: readonly StreamName[],
): Promise<Commit[][]> {
  const wanted = new Set(streams);
  const pages: Commit[][] = [];
  for await (const page of store.feed.history(range)) pages.push(page.filter((commit) => wanted.has(commit.stream)));
  return pages.filter((page) => page.length > 0);
}

/** What the log says of the past. */
export const historyCases = [
  fact(
    'holds a commit that ends at a version with a time, and no other of its stream [F-10]',
    async ({ store, connect, stream }) => {
      const [name, other] = [stream(), stream()];
      await append(store, name, 'noStream', { count: 2 });
      await append(store, name, 'any', { count: 3 });
      const { commits } = await store.events.read(name);
      const { feed } = await connect();
      const look = (version: number, time: string, of = name) => feed.holds({ stream: of, version, time });
      const [first, second] = commits.map(({ time }) => time);
      expect(await Promise.all([look(2, first!), look(5, second!)])).toEqual([true, true]);
      const others = [
        look(1, first!),
        look(3, second!),
        look(6, second!),
        look(2, second!),
        look(5, first!),
        look(2, first!, other),
      ];
      expect(await Promise.all(others)).toEqual(others.map(() => false));
    },
  ),

  fact(
    'delivers every commit of a range once, in time order and each stream in version order [F-1, F-3, F-4]',
    async ({ store, connect, stream }) => {
      const after = await store.feed.now();
      const streams = Array.from({ length: 30 }, () => stream());
      for (let round = 0; round < 20; round += 1)
        await Promise.all(streams.map((name) => append(store, name, 'any', { count: 1 + (round % 3) })));
      const now = await store.feed.now();
      const pages = await pagesOf(await connect(), { after, before: now, asOf: now }, streams);
      const commits = pages.flat();
      expect(commits).toHaveLength(600);
      expect(new Set(commits.map(placeOf)).size).toBe(600);
      const times = commits.map((commit) => commit.time);
      expect(times).toEqual(times.toSorted());
      for (const name of streams)
        expect(versionsOf(commits, name)).toEqual((await store.events.read(name)).commits.map((c) => c.firstVersion));
      for (const [index, page] of pages.slice(1).entries())
        expect(page[0]!.time > pages[index]!.at(-1)!.time).toBe(true);
    },
  ),

  fact('delivers commits as a read of their stream does', async ({ store, stream }) => {
    const name = stream();
    const after = await store.feed.now();
    const data = { price: Decimal.of('12.50'), at: new Date(7), 'dotted.key': ['Ünï', { deep: null }] };
    await append(store, name, 'noStream', {
      events: [sampleEvent(data, 'order.placed', 3), sampleEvent()],
      keyed: true,
      bodyHash: 'b',
      occurredAt: new Date(9),
    });
    const now = await store.feed.now();
    const [commit] = (await pagesOf(store, { after, before: now, asOf: now }, [name])).flat();
    expect(commit).toMatchObject({ stream: name, keyed: true, bodyHash: 'b' });
    expect(commit).toStrictEqual((await store.events.read(name)).commits[0]);
  }),

  fact('delivers what lies between the ends of a range, and not the ends', async ({ store, stream }) => {
    const name = stream();
    for (let more = 0; more < 5; more += 1) await append(store, name, 'any');
    const asOf = await store.feed.now();
    const times = (await store.events.read(name)).commits.map((commit) => commit.time);
    const between = async (after: string, before: string) =>
      versionsOf((await pagesOf(store, { after, before, asOf }, [name])).flat(), name);
    expect(await between(times[0]!, times[4]!)).toEqual([2, 3, 4]);
    expect(await between(times[1]!, asOf)).toEqual([3, 4, 5]);
    const all = await pagesOf(store, { before: times[2]!, asOf }, [name]);
    expect(versionsOf(all.flat(), name)).toEqual([1, 2]);
  }),

  fact('delivers every commit that holds one of the types asked for', async ({ store, stream, name: unique }) => {
    const [wanted, other] = [unique('wanted'), unique('other')];
    const name = stream();
    for (const types of [[other], [wanted], [other, wanted], [other, other], [wanted, other]]) {
      await append(store, name, 'any', { events: types.map((type) => sampleEvent({}, type)) });
    }
    const now = await store.feed.now();
    const commits = (await pagesOf(store, { before: now, asOf: now, types: [wanted] }, [name])).flat();
    expect(versionsOf(commits, name)).toEqual(expect.arrayContaining([2, 3, 7]));
  }),

  fact('delivers the streams of some slices, and each stream to one partition', async ({ store, stream }) => {
    const after = await store.feed.now();
    const streams = Array.from({ length: 40 }, () => stream());
    await Promise.all(streams.map((name) => append(store, name, 'noStream')));
    const now = await store.feed.now();
    for (const partitions of [1, 3, 8]) {
      for (let partition = 0; partition < partitions; partition += 1) {
        const slices = sliceRange(partition, partitions);
        const commits = (await pagesOf(store, { after, before: now, asOf: now, slices }, streams)).flat();
        const own = streams.filter((name) => partitionOf(name, partitions) === partition);
        expect(commits.map((commit) => commit.stream).toSorted()).toEqual(own.toSorted());
      }
    }
  }),

  fact(
    'tells a time that follows every commit before it and precedes every commit after it',
    async ({ store, connect, stream }) => {
      const [before, after] = [stream(), stream()];
      const first = await append(store, before, 'noStream');
      const now = await (await connect()).feed.now();
      await append(store, after, 'noStream');
      expect(now >= first.time).toBe(true);
      expect(((await store.events.head(before))?.time ?? 'none') <= now).toBe(true);
      expect(((await store.events.head(after))?.time ?? '') >= now).toBe(true);
    },
  ),

  fact('counts the events that are later than a time, up to a limit', async ({ store, stream }) => {
    const name = stream();
    for (const count of [2, 1, 3, 4]) await append(store, name, 'any', { count });
    const times = (await store.events.read(name)).commits.map((commit) => commit.time);
    const later = (index: number, limit: number) => store.feed.eventsAfter(times[index]!, limit);
    expect(await Promise.all([later(0, 100), later(1, 100), later(2, 100), later(3, 100)])).toEqual([8, 7, 4, 0]);
    expect(await later(0, 8)).toBe(8);
    expect(await later(0, 5)).toBe(5);
    const slice = sliceOf(name);
    const within = (from: number, to: number) => store.feed.eventsAfter(times[1]!, 100, { from, to });
    expect(await Promise.all([within(slice, slice + 1), within(0, slice), within(slice + 1, 1_024)])).toEqual([
      7, 0, 0,
    ]);
  }),

  fact('estimates how many commits there are', async ({ store, stream }) => {
    const before = await store.feed.estimateCommits();
    await Promise.all(Array.from({ length: 50 }, () => append(store, stream(), 'noStream', { count: 2 })));
    const grown = (await store.feed.estimateCommits()) - before;
    expect(grown).toBeGreaterThanOrEqual(45);
    expect(grown).toBeLessThanOrEqual(55);
  }),
];
