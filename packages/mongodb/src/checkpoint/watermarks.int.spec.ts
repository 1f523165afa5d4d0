import { randomUUID } from 'node:crypto';
import { storeTime } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import type { CommandStartedEvent } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRig, type Rig } from '../../test/read-side.rig.js';
import { timestampOf } from '../connection/bson-mapping.js';
import type { WatermarkDocument } from './watermark-document.js';
import { latestOfEach } from './watermark-query.js';

const NAME = 'nestfold.watermarks';

/** Watermarks of so many batches: one stream in all of them, another in each. */
function documents(key: string, batches: number): WatermarkDocument[] {
  return Array.from({ length: batches }, (_, index) => ({
    _id: { g: key, t: timestampOf(storeTime(1_000 + index, 1)), b: randomUUID() },
    w: [
      { s: 'order-busy', seen: index, applied: index },
      { s: `order-${index}`, seen: 1, applied: 1 },
    ],
  }));
}

describe('watermarks', () => {
  const database = testDatabase('watermarks');
  let rig: Rig;
  const commands: CommandStartedEvent[] = [];

  beforeAll(async () => {
    rig = await openRig({ uri: database.uri, database: database.name, client: { monitorCommands: true } });
    rig.context.client.on('commandStarted', (event) => commands.push(event));
  });

  afterAll(async () => {
    await rig.close();
    await database.drop();
  });

  // Without the index, and with a group over all rows instead of the lookup, this examined every batch of the busy stream.
  it('of a busy stream are found without looking at each of its batches', async () => {
    const key = randomUUID();
    await rig.context.db
      .collection<WatermarkDocument>(NAME)
      .insertMany([...documents(key, 2_000), ...documents(randomUUID(), 500)]);
    const streams = ['order-busy', 'order-7', 'order-1999', 'order-none'];
    const found = await rig.checkpoints.watermarks(key, streams);
    expect(Object.fromEntries([...found].map(([stream, { seen }]) => [stream, seen]))).toEqual({
      'order-busy': 1_999,
      'order-7': 1,
      'order-1999': 1,
    });

    const explained = await rig.context.db.command({
      explain: { aggregate: 1, pipeline: latestOfEach(key, streams, NAME), cursor: {} },
      verbosity: 'executionStats',
    });
    const lookup = (explained['stages'] as { totalDocsExamined?: unknown; indexesUsed?: unknown }[]).find(
      (stage) => 'totalDocsExamined' in stage,
    );
    expect(lookup?.indexesUsed).toEqual(['stream']);
    expect(Number(lookup?.totalDocsExamined)).toBeLessThanOrEqual(2 * streams.length);
  });

  it('are swept in portions', async () => {
    const key = randomUUID();
    const marks = rig.context.db.collection<WatermarkDocument>(NAME);
    await marks.insertMany(documents(key, 12_000));
    commands.length = 0;
    await rig.checkpoints.sweep(key, storeTime(12_500, 1));
    const deleted = commands
      .filter(({ commandName }) => commandName === 'delete')
      .map(({ command }) => (command['deletes'] as { q: { _id: { $in: unknown[] } } }[])[0]!.q._id.$in.length);
    expect(deleted).toEqual([5_000, 5_000, 1_500]);
    expect(await marks.countDocuments({ '_id.g': key })).toBe(500);
  });
});
