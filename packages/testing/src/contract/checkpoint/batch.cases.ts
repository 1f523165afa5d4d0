import { randomUUID } from 'node:crypto';
import { storeTime, type Position } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { noWork, samplePosition, withPartition, type Work } from './sample-partition.js';

/** What one batch writes: all of it together, or nothing. */
export const batchCases = [
  fact(
    'stores position, floor and last commit with the batch, for every connection',
    async ({ store, connect, stream, name }) => {
      const key = name('partition');
      const elsewhere = await connect();
      const positions: Position[] = [
        { phase: 'history', began: storeTime(9, 1), horizon: storeTime(8, 2) },
        {
          phase: 'history',
          began: storeTime(9, 1),
          horizon: storeTime(8, 2),
          after: storeTime(7, 3),
          again: storeTime(9, 9),
          fill: 4,
        },
        { phase: 'live', began: storeTime(9, 1), horizon: storeTime(8, 2) },
        {
          phase: 'live',
          began: storeTime(9, 1),
          horizon: storeTime(8, 2),
          asOf: storeTime(9, 7),
          after: storeTime(8, 5),
        },
        {
          phase: 'live',
          began: storeTime(9, 1),
          horizon: storeTime(8, 2),
          asOf: storeTime(9, 7),
          feed: { token: '82ab', time: storeTime(10, 4294967295) },
          again: storeTime(9, 9),
          fill: 4,
        },
        {
          phase: 'live',
          began: storeTime(9, 1),
          horizon: storeTime(8, 2),
          feed: { token: '82ac', time: storeTime(11, 1), isInside: true },
        },
        { phase: 'topic', next: { 3: 0 }, token: 0 },
        {
          phase: 'topic',
          next: { 3: 4_294_967_296 },
          token: 7,
          epoch: 'epoch',
          clock: storeTime(9, 1),
          time: storeTime(9, 2),
        },
      ];
      await withPartition(store, key, async (partition) => {
        for (const [index, position] of positions.entries()) {
          const [id, floor, last] = [
            randomUUID(),
            storeTime(index, 7),
            { stream: stream(), version: index + 1, time: storeTime(index, 8) },
          ];
          expect(await partition.write(noWork, { id, position, floor, last })).toEqual({ kind: 'committed' });
          expect(await elsewhere.checkpoints.find(key)).toStrictEqual({
            key,
            token: 1,
            batch: id,
            position,
            floor,
            last,
          });
        }
      });
    },
  ),

  fact('keeps the floor and the last commit when a batch does not name them', async ({ store, stream, name }) => {
    const key = name('partition');
    const last = { stream: stream(), version: 3, time: storeTime(5, 5) };
    await withPartition(store, key, async (partition) => {
      await partition.write(noWork, { floor: storeTime(4, 4), last });
      await partition.write(noWork, { position: samplePosition(77) });
    });
    expect(await store.checkpoints.find(key)).toMatchObject({
      floor: storeTime(4, 4),
      last,
      position: samplePosition(77),
    });
  }),

  fact(
    "shows a batch's documents when it is committed, and to its own work before",
    async ({ store, connect, name }) => {
      const collection = name('cards');
      const elsewhere = await connect();
      await store.readModels.create(collection);
      const seen: unknown[] = [];
      await withPartition(store, name('partition'), (partition) =>
        partition.write(async (models) => {
          await models.apply(collection, [{ kind: 'insert', id: 'a', document: { _id: 'a', n: 1 } }]);
          seen.push(
            (await models.find(collection, ['a', 'b'])).get('a'),
            await elsewhere.readModels.findById(collection, 'a'),
          );
        }),
      );
      expect(seen).toEqual([{ _id: 'a', n: 1 }, undefined]);
      expect(await elsewhere.readModels.findById(collection, 'a')).toEqual({ _id: 'a', n: 1 });
    },
  ),

  fact(
    'stores nothing of a batch whose work fails, throws its error, and takes the next batch [P-1]',
    async ({ store, stream, name }) => {
      const [collection, other, key, watched] = [name('cards'), name('others'), name('partition'), stream()];
      await store.readModels.create(collection);
      await store.readModels.create(other);
      const error = new Error('the work failed');
      const insert =
        (id: string): Work =>
        async (models) => {
          await models.apply(collection, [{ kind: 'insert', id, document: { _id: id } }]);
          await models.apply(other, [{ kind: 'insert', id, document: { _id: id } }]);
        };
      const watermarks = { time: storeTime(5, 1), rows: [{ stream: watched, seen: 3, applied: 3 }] };
      await withPartition(store, key, async (partition) => {
        await partition.write(insert('a'));
        const before = await store.checkpoints.find(key);
        const failing: Work = async (models) => {
          await insert('b')(models);
          await models.apply(collection, [
            { kind: 'update', id: 'a', set: { touched: true } },
            { kind: 'remove', id: 'b' },
          ]);
          throw error;
        };
        await expect(partition.write(failing, { watermarks })).rejects.toBe(error);
        expect(await store.checkpoints.find(key)).toStrictEqual(before);
        expect((await store.checkpoints.watermarks(key, [watched])).size).toBe(0);
        expect(await store.readModels.find(collection, {})).toEqual([{ _id: 'a' }]);
        expect(await store.readModels.find(other, {})).toEqual([{ _id: 'a' }]);

        expect(await partition.write(insert('c'))).toEqual({ kind: 'committed' });
        expect(await store.readModels.count(other, {})).toBe(2);
      });
    },
  ),

  fact('stores nothing of a batch when the store refuses one of its changes', async ({ store, name }) => {
    const [collection, key] = [name('cards'), name('partition')];
    await store.readModels.create(collection);
    await withPartition(store, key, async (partition) => {
      await partition.write((models) =>
        models.apply(collection, [{ kind: 'insert', id: 'a', document: { _id: 'a', n: 1 } }]),
      );
      const before = await store.checkpoints.find(key);
      const refused = partition.write(async (models) => {
        await models.apply(collection, [{ kind: 'update', id: 'a', increment: { n: 1 } }]);
        await models.apply(collection, [
          { kind: 'insert', id: 'b', document: { _id: 'b' } },
          { kind: 'insert', id: 'a', document: { _id: 'a' } },
        ]);
      });
      await expect(refused).rejects.toMatchObject({ code: 'read-model.document-exists', id: 'a' });
      expect(await store.checkpoints.find(key)).toStrictEqual(before);
      expect(await store.readModels.find(collection, {})).toEqual([{ _id: 'a', n: 1 }]);
    });
  }),

  fact('counts the writes of two partitions to one document', async ({ store, connect, name, fixture }) => {
    const collection = name('totals');
    await store.readModels.create(collection);
    const deadline = performance.now() + 3 * fixture.patienceMs;
    const count: Work = async (models) => {
      const total = (await models.find(collection, ['total'])).get('total');
      await models.apply(collection, [
        total === undefined
          ? { kind: 'insert', id: 'total', document: { _id: 'total', n: 1 } }
          : { kind: 'replace', id: 'total', document: { _id: 'total', n: (total as unknown as { n: number }).n + 1 } },
      ]);
    };
    await withPartition(store, name('partition'), (first) => first.write(count));
    const countTen = (from: typeof store) =>
      withPartition(from, name('partition'), async (partition) => {
        for (let done = 0; done < 10 && performance.now() < deadline;) {
          // A store may answer that two transactions met and gave up: then the batch is repeated.
          const outcome = await partition.write(count).catch((error: unknown) => {
            expect(error).toMatchObject({ code: 'store.unavailable' });
            return { kind: 'repeat' };
          });
          if (outcome.kind === 'committed') done += 1;
        }
      });
    await Promise.all([countTen(store), countTen(await connect())]);
    expect(await store.readModels.findById(collection, 'total')).toEqual({ _id: 'total', n: 21 });
  }),
];
