import { expect } from 'vitest';
import { storeTime } from '@nestfold/core';
import { noWork, withPartition } from '../checkpoint/sample-partition.js';
import { fact } from '../contract-case.js';
import { heldCommit, sampleParked } from './sample-parked.js';

const byId = (one: { readonly id: string }, other: { readonly id: string }): number => (one.id < other.id ? -1 : 1);

/** What a batch does to parked streams. */
export const parkedBatchCases = [
  fact('shows a stream that a batch parked, from every connection', async ({ store, connect, stream, name }) => {
    const [key, consumer] = [name('partition'), name('generation')];
    const parked = sampleParked(consumer, stream(), key);
    await withPartition(store, key, (partition) => partition.write(noWork, { parked: { park: [parked] } }));
    const elsewhere = (await connect()).parked;
    expect(await elsewhere.get(parked.id)).toStrictEqual(parked);
    expect(await elsewhere.find(consumer)).toStrictEqual([parked]);
    expect(await elsewhere.find(name('generation'))).toEqual([]);
  }),

  fact(
    'parks nothing in a batch whose work fails, nor in one that is fenced [X-2]',
    async ({ store, stream, name }) => {
      const [key, consumer] = [name('partition'), name('generation')];
      const park = [sampleParked(consumer, stream(), key)];
      await withPartition(store, key, async (partition) => {
        const failing = partition.write(() => Promise.reject(new Error('the work failed')), { parked: { park } });
        await expect(failing).rejects.toThrow('the work failed');
        expect(await store.parked.find(consumer)).toEqual([]);
        await store.checkpoints.claim(key, 2);
        expect(await partition.write(noWork, { parked: { park } })).toEqual({ kind: 'fenced' });
        expect(await store.parked.find(consumer)).toEqual([]);
      });
      await withPartition(store, key, (partition) => partition.write(noWork, { parked: { park } }), 3);
      expect(await store.parked.find(consumer)).toHaveLength(1);
    },
  ),

  fact('raises what was seen, never lowers it, and parks nothing by it', async ({ store, stream, name }) => {
    const [key, consumer] = [name('partition'), name('generation')];
    const [one, other] = [sampleParked(consumer, stream(), key), sampleParked(consumer, stream(), key)];
    await withPartition(store, key, async (partition) => {
      await partition.write(noWork, { parked: { park: [one] } });
      for (const seen of [5, 3])
        await partition.write(noWork, {
          parked: {
            seen: [
              { id: one.id, seen },
              { id: other.id, seen },
            ],
          },
        });
    });
    expect(await store.parked.find(consumer)).toStrictEqual([{ ...one, seen: 5 }]);
  }),

  fact(
    'keeps the commits that a parked stream holds back, in order and each once, until it waits no longer [K-7]',
    async ({ store, connect, stream, name }) => {
      const [key, consumer] = [name('partition'), name('generation')];
      const parked = sampleParked(consumer, stream(), key);
      const held = [2, 3, 5].map((version) => ({ id: parked.id, key, commit: heldCommit(parked.stream, version) }));
      const [first, second, third] = held.map(({ commit }) => commit);
      const elsewhere = (await connect()).parked;
      await withPartition(store, key, async (partition) => {
        await partition.write(noWork, { parked: { park: [parked], keep: held.slice(0, 2) } });
        await partition.write(noWork, { parked: { keep: held.slice(1) } });
        expect(await elsewhere.kept(parked.id, 1, 10)).toStrictEqual([first, second, third]);
        // The second holds versions 3 and 4.
        expect(await elsewhere.kept(parked.id, 3, 10)).toStrictEqual([second, third]);
        expect(await elsewhere.kept(parked.id, 0, 1)).toStrictEqual([first]);
        await partition.write(noWork, { parked: { unpark: [parked.id] } });
        expect(await elsewhere.kept(parked.id, 0, 10)).toEqual([]);
        await partition.write(noWork, { parked: { park: [parked], keep: held } });
      });
      await store.checkpoints.remove(key);
      expect(await elsewhere.kept(parked.id, 0, 10)).toEqual([]);
    },
  ),

  fact('forgets a stream that waits no longer, and those of a removed partition', async ({ store, stream, name }) => {
    const [key, otherKey, consumer] = [name('partition'), name('partition'), name('generation')];
    const [one, two] = [sampleParked(consumer, stream(), key), sampleParked(consumer, stream(), key)];
    const other = sampleParked(consumer, stream(), otherKey);
    await withPartition(store, otherKey, (partition) => partition.write(noWork, { parked: { park: [other] } }));
    await withPartition(store, key, async (partition) => {
      await partition.write(noWork, { parked: { park: [one, two] } });
      await partition.write(noWork, { parked: { unpark: [one.id] } });
      expect((await store.parked.find(consumer)).toSorted(byId)).toStrictEqual([two, other].toSorted(byId));
      await store.checkpoints.remove(key);
    });
    expect(await store.parked.find(consumer)).toStrictEqual([other]);
  }),

  fact('tells of two watermarks of one time the one that applied more', async ({ store, stream, name }) => {
    const [key, redriven, untouched] = [name('partition'), stream(), stream()];
    const rows = (applied: number) => [{ stream: redriven, seen: 9, applied }];
    await withPartition(store, key, async (partition) => {
      await partition.write(noWork, {
        watermarks: { time: storeTime(4, 1), rows: [{ stream: redriven, seen: 11, applied: 11 }] },
      });
      await partition.write(noWork, {
        watermarks: { time: storeTime(5, 1), rows: [...rows(3), { stream: untouched, seen: 2, applied: 2 }] },
      });
      await partition.write(noWork, { watermarks: { time: storeTime(5, 1), rows: rows(9) } });
    });
    const marks = await store.checkpoints.watermarks(key, [redriven, untouched]);
    expect([marks.get(redriven), marks.get(untouched)]).toStrictEqual([
      { stream: redriven, seen: 9, applied: 9 },
      { stream: untouched, seen: 2, applied: 2 },
    ]);
  }),
];
