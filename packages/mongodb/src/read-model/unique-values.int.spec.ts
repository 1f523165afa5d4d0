import { randomUUID } from 'node:crypto';
import { storeTime, type DocumentChange } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRig, type Rig } from '../../test/read-side.rig.js';

describe('a value of a unique index', () => {
  const database = testDatabase('unique');
  let rig: Rig;

  beforeAll(async () => {
    rig = await openRig({ uri: database.uri, database: database.name });
  });

  afterAll(async () => {
    await rig.close();
    await database.drop();
  });

  async function apply(collection: string, changes: readonly DocumentChange[]): Promise<void> {
    const key = randomUUID();
    const claimed = await rig.checkpoints.claim(key, 1);
    const writer = await rig.checkpoints.openWriter(key);
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
    await rig.readModels.create('cards');
    await rig.readModels.buildIndexes('cards', [{ name: 'by-email', keys: { email: 1 }, unique: true }]);
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
    expect(await rig.readModels.find('cards', { sort: { _id: 1 } })).toEqual([
      { _id: 'b', email: 'z' },
      { _id: 'c', email: 'x' },
      { _id: 'd', email: 'y' },
    ]);
  });
});
