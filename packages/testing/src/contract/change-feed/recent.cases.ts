import { sliceOf, type Commit, type RecentRange, type StoreConnection } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { append, sampleEvent } from '../sample-append.js';
import { placeOf, versionsOf } from './following.js';

async function recentOf(store: StoreConnection, range: RecentRange): Promise<Commit[]> {
  const commits: Commit[] = [];
  for await (const page of store.feed.recent(range)) {
    // A place to go on from lies between two pages.
    if (page[0] !== undefined && commits.length > 0) expect(page[0].time > commits.at(-1)!.time).toBe(true);
    commits.push(...page);
  }
  return commits;
}

/** What the log was at one moment. */
export const recentCases = [
  fact(
    'delivers what is later than a time and was visible at a moment, once, in time order and each stream in version order [F-1, F-3]',
    async ({ store, connect, stream }) => {
      const after = await store.feed.now();
      const streams = Array.from({ length: 20 }, () => stream());
      for (let round = 0; round < 10; round += 1)
        await Promise.all(streams.map((name) => append(store, name, 'any', { count: 1 + (round % 3) })));
      const asOf = await store.feed.now();
      await Promise.all(streams.map((name) => append(store, name, 'any')));
      const wanted = new Set(streams);
      const commits = (await recentOf(await connect(), { after, asOf })).filter((commit) => wanted.has(commit.stream));
      expect(new Set(commits.map(placeOf)).size).toBe(200);
      expect(commits).toHaveLength(200);
      const times = commits.map((commit) => commit.time);
      expect(times).toEqual(times.toSorted());
      for (const name of streams) {
        const stored = (await store.events.read(name)).commits.slice(0, -1);
        expect(versionsOf(commits, name)).toEqual(stored.map((commit) => commit.firstVersion));
      }
      const [later] = await recentOf(store, { after: commits[99]!.time, asOf });
      expect(later!.time > commits[99]!.time).toBe(true);
    },
  ),

  fact('leaves out streams of other slices, and may leave out events of other types', async ({ store, stream }) => {
    const [one, other] = [stream(), stream()];
    const after = await store.feed.now();
    await append(store, one, 'noStream', { events: [sampleEvent({}, 'contract.wanted')] });
    await append(store, other, 'noStream');
    const asOf = await store.feed.now();
    const slice = sliceOf(one);
    const inSlice = await recentOf(store, { after, asOf, slices: { from: slice, to: slice + 1 } });
    expect(inSlice.map(({ stream: name }) => name)).toContain(one);
    expect(inSlice.every(({ stream: name }) => sliceOf(name) === slice)).toBe(true);
    const wanted = await recentOf(store, { after, asOf, types: ['contract.wanted'] });
    expect(wanted.map(({ stream: name }) => name)).toContain(one);
  }),
];
