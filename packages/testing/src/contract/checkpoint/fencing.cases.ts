import { storeTime } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { noWork, samplePosition, SamplePartition, withPartition, type Work } from './sample-partition.js';

const insertInto =
  (collection: string, id: string): Work =>
  (models) =>
    models.apply(collection, [{ kind: 'insert', id, document: { _id: id } }]);

/** That a partition has one writer, and each batch one effect. */
export const fencingCases = [
  fact('makes a checkpoint without a position at the first claim', async ({ store, connect, name }) => {
    const key = name('partition');
    expect(await store.checkpoints.find(key)).toBeUndefined();
    const claimed = await store.checkpoints.claim(key, 4);
    expect(claimed).toMatchObject({ key, token: 4 });
    expect(claimed?.batch).toMatch(/./);
    expect(claimed?.position).toBeUndefined();
    expect(await (await connect()).checkpoints.find(key)).toStrictEqual(claimed);
  }),

  fact('keeps the position when a higher token claims, and refuses a lower one', async ({ store, name }) => {
    const key = name('partition');
    await withPartition(
      store,
      key,
      (partition) => partition.write(noWork, { position: samplePosition(5), floor: storeTime(1, 1) }),
      2,
    );
    expect(await store.checkpoints.claim(key, 1)).toBeUndefined();
    const claimed = await store.checkpoints.claim(key, 3);
    expect(claimed).toMatchObject({ key, token: 3, position: samplePosition(5), floor: storeTime(1, 1) });
    expect(await store.checkpoints.find(key)).toStrictEqual(claimed);
  }),

  fact('answers those of several keys that are there', async ({ store, connect, name }) => {
    const [one, other, never] = [name('partition'), name('partition'), name('partition')];
    const claimed = [await store.checkpoints.claim(one, 1), await store.checkpoints.claim(other, 2)];
    const found = await (await connect()).checkpoints.findAll([one, other, never]);
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining(claimed));
    expect(await store.checkpoints.findAll([])).toEqual([]);
  }),

  fact('gives a fresh batch id at every claim, also with the same token', async ({ store, name }) => {
    const key = name('partition');
    const batches = [];
    for (const token of [1, 1, 2, 2]) batches.push((await store.checkpoints.claim(key, token))?.batch);
    expect(new Set(batches).size).toBe(4);
    expect(batches).not.toContain(undefined);
  }),

  fact('lets a fenced owner change nothing [P-3]', async ({ store, connect, stream, name }) => {
    const [key, collection, watched] = [name('partition'), name('cards'), stream()];
    await store.readModels.create(collection);
    await withPartition(store, key, async (stale) => {
      await stale.write(insertInto(collection, 'a'));
      await withPartition(
        await connect(),
        key,
        async (owner) => {
          const before = await store.checkpoints.find(key);
          const watermarks = { time: storeTime(5, 1), rows: [{ stream: watched, seen: 3, applied: 3 }] };
          expect(await stale.write(insertInto(collection, 'b'), { watermarks })).toEqual({ kind: 'fenced' });
          expect(await store.checkpoints.find(key)).toStrictEqual(before);
          expect((await store.checkpoints.watermarks(key, [watched])).size).toBe(0);
          expect(await owner.write(insertInto(collection, 'c'))).toEqual({ kind: 'committed' });
        },
        2,
      );
    });
    expect((await store.readModels.find(collection, { sort: { _id: 1 } })).map(({ _id }) => _id)).toEqual(['a', 'c']);
  }),

  fact(
    'answers a batch whose predecessor is not the last one with the checkpoint, and changes nothing',
    async ({ store, name }) => {
      const [key, collection] = [name('partition'), name('cards')];
      await store.readModels.create(collection);
      await withPartition(store, key, async (partition) => {
        const missed = partition.next();
        const taken = partition.next({ position: samplePosition(42) });
        expect(await partition.writer.write(taken, insertInto(collection, 'a'))).toEqual({ kind: 'committed' });
        const checkpoint = await store.checkpoints.find(key);
        expect(checkpoint).toMatchObject({ batch: taken.id, position: samplePosition(42) });
        expect(await partition.writer.write(missed, insertInto(collection, 'b'))).toStrictEqual({
          kind: 'superseded',
          checkpoint,
        });
        expect(await store.checkpoints.find(key)).toStrictEqual(checkpoint);
        expect(await store.readModels.count(collection, {})).toBe(1);
      });
    },
  ),

  fact('applies a batch once when it is sent again [P-5]', async ({ store, connect, name }) => {
    const [key, collection] = [name('partition'), name('totals')];
    await store.readModels.create(collection);
    const count: Work = (models) =>
      models.apply(collection, [{ kind: 'update', id: 't', increment: { n: 1 }, initial: { _id: 't', n: 0 } }]);
    await withPartition(store, key, async (partition) => {
      const batch = partition.next();
      expect(await partition.writer.write(batch, count)).toEqual({ kind: 'committed' });
      expect(await partition.writer.write(batch, count)).toEqual({ kind: 'committed' });
      const other = await (await connect()).checkpoints.openWriter(key);
      expect(await other.write(batch, count)).toEqual({ kind: 'committed' });
      await other.close();
    });
    expect(await store.readModels.findById(collection, 't')).toEqual({ _id: 't', n: 1 });
  }),

  fact('takes one of two batches with the same predecessor', async ({ store, connect, name }) => {
    const [key, collection] = [name('partition'), name('totals')];
    await store.readModels.create(collection);
    const first = await SamplePartition.open(store, key);
    const other = await (await connect()).checkpoints.openWriter(key);
    const outcomes = await Promise.all([
      first.writer.write(first.next(), insertInto(collection, 'a')),
      other.write(first.next(), insertInto(collection, 'b')),
    ]);
    await first.close();
    await other.close();
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['committed', 'superseded']);
    expect(await store.readModels.count(collection, {})).toBe(1);
  }),

  fact('lets a claim see a batch in flight, or fences that batch', async ({ store, connect, name }) => {
    const [key, collection] = [name('partition'), name('cards')];
    await store.readModels.create(collection);
    const elsewhere = await connect();
    await withPartition(store, key, async (partition) => {
      let claiming: ReturnType<typeof elsewhere.checkpoints.claim> | undefined;
      const outcome = await partition.write(
        async (models) => {
          await models.apply(collection, [{ kind: 'insert', id: 'a', document: { _id: 'a' } }]);
          claiming ??= elsewhere.checkpoints.claim(key, 2);
          await elsewhere.feed.now();
        },
        { position: samplePosition(9) },
      );
      const claimed = await claiming;
      expect(claimed).toMatchObject({ token: 2 });
      const committed = outcome.kind === 'committed';
      expect(committed || outcome.kind === 'fenced').toBe(true);
      expect(claimed?.position).toEqual(committed ? samplePosition(9) : undefined);
      expect(await store.readModels.count(collection, {})).toBe(committed ? 1 : 0);
      expect(await partition.write(noWork)).toEqual({ kind: 'fenced' });
    });
  }),

  fact('names a session of its own for each writer', async ({ store, name }) => {
    const key = name('partition');
    const writers = [await store.checkpoints.openWriter(key), await store.checkpoints.openWriter(key)];
    for (const writer of writers) expect(writer.session).toMatch(/./);
    expect(new Set(writers.map(({ session }) => session)).size).toBe(2);
    for (const writer of writers) expect(await writer.close()).toBe(true);
  }),
];
