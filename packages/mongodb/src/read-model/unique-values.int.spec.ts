import { randomUUID } from 'node:crypto';
import { storeTime, type DocumentChange } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { ownRig } from '../../test/own-rig.js';

describe('a value of a unique index', () => {
  const own = ownRig('unique');

  async function apply(collection: string, changes: readonly DocumentChange[]): Promise<void> {
    const key = randomUUID();
    const claimed = await own.rig.checkpoints.claim(key, 1);
    const writer = await own.rig.checkpoints.openWriter(key);
    const position = { phase: 'live', began: storeTime(1, 1), horizon: storeTime(1, 1) } as const;
    try {
      await writer.write({ key, token: 1, previous: claimed!.batch, id: randomUUID(), position }, (models) =>
        models.apply(collection, changes),
      );
    } finally {
      await writer.close();
    }
  }

  // In an unordered bulk write the driver sends inserts first, and this was refused.
  it('passes from a document that goes, and from one that changes, to others within a batch [P-13]', async () => {
    await own.rig.readModels.create('cards');
    await own.rig.readModels.buildIndexes('cards', [{ name: 'by-email', keys: { email: 1 }, unique: true }]);
    await apply('cards', [
      { kind: 'insert', id: 'a', document: { _id: 'a', email: 'x' } },
      { kind: 'insert', id: 'b', document: { _id: 'b', email: 'y' } },
    ]);
    await apply('cards', [
      { kind: 'insert', id: 'c', document: { _id: 'c', email: 'x' } },
      { kind: 'insert', id: 'd', document: { _id: 'd', email: 'y' } },
      { kind: 'update', id: 'b', set: { email: 'z' } },
      { kind: 'remove', id: 'a' },
    ]);
    expect(await own.rig.readModels.find('cards', { sort: { _id: 1 } })).toEqual([
      { _id: 'b', email: 'z' },
      { _id: 'c', email: 'x' },
      { _id: 'd', email: 'y' },
    ]);
  });
});
