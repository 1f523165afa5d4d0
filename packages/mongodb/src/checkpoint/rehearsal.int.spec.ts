import { randomUUID } from 'node:crypto';
import type { ReadModelWriter } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { ownRig } from '../../test/own-rig.js';

describe('a rehearsal of a batch', () => {
  const own = ownRig('rehearsal');

  // Fails when what `work` writes is passed on: the total waits for the open transaction then, or is another.
  it('reads what is there and changes nothing, beside a batch in flight', async () => {
    const { checkpoints, readModels, context } = own.rig;
    const totals = `totals_${randomUUID()}`;
    await readModels.create(totals);
    const collection = context.db.collection<{ _id: string; n: number }>(totals);
    await collection.insertOne({ _id: 'total', n: 1 });
    const counts = async (): Promise<number[]> =>
      Promise.all(
        ['nestfold.checkpoints', 'nestfold.watermarks', totals].map((name) =>
          context.db.collection(name).countDocuments(),
        ),
      );
    const before = await counts();
    const session = context.client.startSession();
    session.startTransaction();
    await collection.updateOne({ _id: 'total' }, { $inc: { n: 1 } }, { session });

    const writer = await checkpoints.openWriter('any');
    const seen: unknown[] = [];
    const work = async (models: ReadModelWriter): Promise<void> => {
      seen.push((await models.find(totals, ['total'])).get('total')?.['n']);
      await models.apply(totals, [
        { kind: 'update', id: 'total', increment: { n: 1 } },
        { kind: 'insert', id: 'other', document: { _id: 'other', n: 1 } },
      ]);
      await models.patchWhere(totals, { n: 1 }, { n: 5 });
    };
    await writer.rehearse?.(work);
    await writer.rehearse?.(work);
    expect(await writer.close()).toBe(true);

    await session.commitTransaction();
    await session.endSession();
    expect(seen).toEqual([1, 1]);
    expect(await collection.findOne({ _id: 'total' })).toEqual({ _id: 'total', n: 2 });
    expect(await counts()).toEqual(before);
  });
});
