import { loadedVersion, type StoreConnection, type StreamName } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { append } from '../sample-append.js';

/** Commits at versions 1–2, 3, 4–6, 7 and 8–9, a day apart in May. */
async function fill(store: StoreConnection, stream: StreamName): Promise<void> {
  let day = 1;
  for (const count of [2, 1, 3, 1, 2]) await append(store, stream, 'any', { count, occurredAt: may(day++) });
}

function may(day: number): Date {
  return new Date(Date.UTC(2024, 4, day));
}

/** What a read answers. */
export const readingCases = [
  fact('reads a whole stream in order', async ({ store, stream }) => {
    const name = stream();
    await fill(store, name);
    const slice = await store.events.read(name);
    expect(slice.stream).toBe(name);
    expect(slice.commits.map((commit) => commit.firstVersion)).toEqual([1, 3, 4, 7, 8]);
    expect(slice.version).toEqual(loadedVersion(9));
  }),

  fact(
    'reads nothing of a stream without events, at version 0, beside one that has some',
    async ({ store, stream }) => {
      const [name, empty] = [stream(), stream()];
      await fill(store, name);
      expect(await store.events.read(empty)).toEqual({ stream: empty, commits: [], version: loadedVersion(0) });
      expect(await store.events.head(empty)).toBeUndefined();
      expect((await store.events.read(name)).version).toEqual(loadedVersion(9));
    },
  ),

  fact('reads from the commit that holds a version', async ({ store, stream }) => {
    const name = stream();
    await fill(store, name);
    const first = async (fromVersion: number) =>
      (await store.events.read(name, { fromVersion })).commits[0]?.firstVersion;
    expect(await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9].map(first))).toEqual([1, 1, 3, 4, 4, 4, 7, 8, 8]);
  }),

  fact('reads no commit from beyond the end', async ({ store, stream }) => {
    const name = stream();
    await fill(store, name);
    expect((await store.events.read(name, { fromVersion: 10 })).commits).toEqual([]);
    expect((await store.events.read(name, { fromVersion: 9 })).commits).toHaveLength(1);
  }),

  fact('leaves out commits that begin after a version, and says where the slice ends', async ({ store, stream }) => {
    const name = stream();
    await fill(store, name);
    const last = async (toVersion: number) => (await store.events.read(name, { toVersion })).version.version;
    expect(await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 20].map(last))).toEqual([2, 2, 3, 6, 6, 6, 7, 9, 9]);
  }),

  fact('reads the commits that touch a range of versions', async ({ store, stream }) => {
    const name = stream();
    await fill(store, name);
    const { commits, version } = await store.events.read(name, { fromVersion: 2, toVersion: 5 });
    expect(commits.map((commit) => commit.firstVersion)).toEqual([1, 3, 4]);
    expect(version).toEqual(loadedVersion(6));
  }),

  fact('leaves out commits that occurred after a moment', async ({ store, stream }) => {
    const name = stream();
    await fill(store, name);
    const until = async (day: number) => (await store.events.read(name, { until: may(day) })).commits.length;
    expect(await Promise.all([0, 1, 3, 5, 6].map(until))).toEqual([0, 1, 3, 5, 5]);
    expect((await store.events.read(name, { until: may(3) })).version).toEqual(loadedVersion(6));
  }),

  fact('selects commits by when they occurred, also where a later one occurred earlier', async ({ store, stream }) => {
    const name = stream();
    for (const day of [1, 9, 2]) await append(store, name, 'any', { occurredAt: may(day) });
    const { commits } = await store.events.read(name, { until: may(2) });
    expect(commits.map((commit) => commit.firstVersion)).toEqual([1, 3]);
  }),

  fact('answers at most so many commits', async ({ store, stream }) => {
    const name = stream();
    await fill(store, name);
    const { commits, version } = await store.events.read(name, { fromVersion: 3, limit: 2 });
    expect(commits.map((commit) => commit.firstVersion)).toEqual([3, 4]);
    expect(version).toEqual(loadedVersion(6));
  }),

  fact('refuses an append that is guarded by the end of a slice of a longer stream', async ({ store, stream }) => {
    const name = stream();
    await fill(store, name);
    const { version } = await store.events.read(name, { toVersion: 3 });
    await expect(append(store, name, version)).rejects.toMatchObject({ code: 'stream.conflict', actual: 9 });
    const whole = await store.events.read(name);
    expect((await append(store, name, whole.version)).version).toBe(10);
  }),

  fact('answers the last commit as the head', async ({ store, stream }) => {
    const name = stream();
    await fill(store, name);
    expect(await store.events.head(name)).toEqual((await store.events.read(name)).commits.at(-1));
    expect(await store.events.head(name)).toMatchObject({
      firstVersion: 8,
      events: [{ data: { index: 0 } }, { data: { index: 1 } }],
    });
  }),

  fact('reads no stream whose name begins alike', async ({ store, stream }) => {
    const name = stream();
    await append(store, `${name}x`, 'noStream', { count: 2 });
    await append(store, name, 'noStream');
    await append(store, name.toUpperCase(), 'any');
    expect((await store.events.read(name)).version).toEqual(loadedVersion(1));
    expect((await store.events.read(`${name}x`)).version).toEqual(loadedVersion(2));
  }),
];
