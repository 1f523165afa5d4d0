import { randomUUID } from 'node:crypto';
import type { ReadModelWriter } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { withPartition } from './sample-partition.js';

const put =
  (collection: string, id: string) =>
  (models: ReadModelWriter): Promise<void> =>
    models.apply(collection, [{ kind: 'put', id, document: { _id: id, n: 1 } }]);

/** What a plain batch promises, and what not. */
export const plainCases = [
  fact('writes the documents of a plain batch and moves its checkpoint', async ({ store, connect, name }) => {
    const [key, collection] = [name('partition'), name('cache')];
    await store.readModels.create(collection);
    const id = randomUUID();
    await withPartition(store, key, async (partition) => {
      expect(await partition.write(put(collection, 'a'), { id, plain: true })).toEqual({ kind: 'committed' });
    });
    expect(await (await connect()).readModels.findById(collection, 'a')).toStrictEqual({ _id: 'a', n: 1 });
    expect(await store.checkpoints.find(key)).toMatchObject({ batch: id });
  }),

  fact('shows the documents of a plain batch before its checkpoint moves', async ({ store, connect, name }) => {
    const [key, collection] = [name('partition'), name('cache')];
    await store.readModels.create(collection);
    const elsewhere = await connect();
    await withPartition(store, key, async (partition) => {
      const work = async (models: ReadModelWriter): Promise<void> => {
        await put(collection, 'a')(models);
        // Another one claims the partition now: the batch is fenced, its documents stay.
        await elsewhere.checkpoints.claim(key, 2);
      };
      expect(await partition.write(work, { plain: true })).toEqual({ kind: 'fenced' });
    });
    expect(await elsewhere.readModels.findById(collection, 'a')).toStrictEqual({ _id: 'a', n: 1 });
    expect((await store.checkpoints.find(key))?.position).toBeUndefined();
  }),

  fact('writes nothing of a plain batch that is fenced, superseded or stored already', async ({ store, name }) => {
    const [key, collection] = [name('partition'), name('cache')];
    await store.readModels.create(collection);
    await withPartition(store, key, async (partition) => {
      const first = partition.next({ plain: true });
      expect(await partition.writer.write(first, put(collection, 'a'))).toEqual({ kind: 'committed' });
      expect(await partition.writer.write(first, put(collection, 'b'))).toEqual({ kind: 'committed' });
      const second = partition.next({ plain: true });
      expect(await partition.writer.write(second, put(collection, 'c'))).toMatchObject({ kind: 'superseded' });
      await store.checkpoints.claim(key, 2);
      expect(await partition.writer.write(second, put(collection, 'd'))).toEqual({ kind: 'fenced' });
    });
    expect(await store.readModels.count(collection, {})).toBe(1);
  }),
];
