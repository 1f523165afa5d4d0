import { isStoreUnavailable, systemEnvironment } from '@nestfold/core';
import { MongoNetworkError, type Db } from 'mongodb';
import { expect, it } from 'vitest';
import { CausalClock } from '../connection/causal-clock.js';
import type { ReadTurns } from '../connection/read-turns.js';
import { CommitFinder } from './commit-finder.js';

// With the time that was left at first, an append could wait for its second turn until long after its deadline.
it('a read that is asked a second time waits for its turn until its deadline, and no longer', async () => {
  let now = 0;
  const waits: (number | undefined)[] = [];
  const turns: Pick<ReadTurns, 'take'> = {
    take: (_what, _read, withinMs) => {
      waits.push(withinMs);
      now += 4_000;
      return Promise.reject(new MongoNetworkError('The connection was cut.'));
    },
  };
  const environment = { ...systemEnvironment, now: () => now };
  const finder = new CommitFinder({} as Db, new CausalClock(), environment, turns as ReadTurns);
  await expect(finder.find('Reading', { filter: {} }, 10_000)).rejects.toSatisfy(isStoreUnavailable);
  expect(waits).toEqual([10_000, 6_000]);
});
