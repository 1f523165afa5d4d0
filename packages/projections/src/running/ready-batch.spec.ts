import { storeTime, systemEnvironment, type Position, type StoreTime } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { memory } from '../fixtures/store.fixture.js';
import { fixedCuts } from './cuts.js';
import { endOf, watermarksOf, type ReadyBatch } from './ready-batch.js';

const at = (counter: number): StoreTime => storeTime(100, counter);

/** A live batch of commits with their times, the last of which became visible at a time. */
function batch(visibleAt: StoreTime, ...commits: { stream: string; version: number; time: StoreTime }[]): ReadyBatch {
  const position: Position = {
    phase: 'live',
    began: at(0),
    horizon: at(0),
    feed: { token: visibleAt, time: visibleAt },
  };
  const deliveries = commits.map(({ stream, version, time }) => ({
    commit: { stream, firstVersion: version, events: [{}], time },
    after: position,
  }));
  return {
    deliveries,
    cuts: fixedCuts([{ count: deliveries.length, position, floor: undefined }]),
  } as unknown as ReadyBatch;
}

describe('the watermarks of batches', () => {
  // Taken away once to see this fail: the feed's time (with the commits' own the older row of 'order-a' is answered).
  it('name the latest version of a stream also where commits became visible in another order than that of their times', async () => {
    const { checkpoints } = await memory();
    const writer = await checkpoints.openWriter('p');
    let previous = (await checkpoints.claim('p', 1))!.batch;
    for (const one of [
      batch(at(7), { stream: 'order-a', version: 5, time: at(3) }, { stream: 'order-b', version: 1, time: at(6) }),
      batch(at(8), { stream: 'order-a', version: 6, time: at(5) }),
    ]) {
      const id = systemEnvironment.uuid();
      const watermarks = watermarksOf(one)!;
      await writer.write({ key: 'p', token: 1, previous, id, position: endOf(one).position, watermarks }, () =>
        Promise.resolve(),
      );
      previous = id;
    }
    expect((await checkpoints.watermarks('p', ['order-a'])).get('order-a')?.seen).toBe(6);
  });
});
