import type { Commit } from '@nestfold/core';
import { expect, it } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { contextOf } from '../fixtures/engines.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { Insurmountable } from '../running/failure.js';
import { PartitionParking } from './partition-parking.js';

const failure = (stream: string): Insurmountable =>
  new Insurmountable(new Error('no'), `${stream}:1`, {
    stream,
    firstVersion: 1,
    events: [{ type: 'x' }],
  } as unknown as Commit);

/** The parking of one partition, of a generation in which the store has counted so many streams parked; `time.now` is its clock. */
async function parking(parked: number, quarantineStreams: number) {
  const store = await memory();
  const time = { now: 0 };
  const counted = { ...store, parked: altered(store.parked, { summary: () => Promise.resolve({ parked }) }) };
  const context = contextOf(counted, { quarantineStreams });
  const environment = { ...context.environment, now: () => time.now };
  const options = { consumer: 'p.1.1', name: 'p', onPoison: 'park', keyOf: () => 'p.1.1/0' } as const;
  return { one: new PartitionParking({ ...context, environment }, options), time };
}

// Taken away once each: what the store has counted (only its own were), and what this owner parked since (only the stored ones were).
it('counts for the quarantine what other owners have parked, and what this one did since [X-7]', async () => {
  const { one } = await parking(2, 4);
  await one.park(failure('a-1'));
  await one.park(failure('a-2'));
  await expect(one.park(failure('a-3'))).rejects.toMatchObject({ cause: { code: 'quarantine.full' } });
});

// With 0 in the place of `coming.size` each second began a new count, which the store had no part of yet: no number was too many.
it('does not forget what its unwritten batch parks when it counts anew [X-7]', async () => {
  const { one, time } = await parking(0, 2);
  await one.park(failure('a-1'));
  await one.park(failure('a-2'));
  time.now = 1_500;
  await expect(one.park(failure('a-3'))).rejects.toMatchObject({ cause: { code: 'quarantine.full' } });
});
