import { silentLogger, storeTime, systemEnvironment } from '@nestfold/core';
import { expect, it } from 'vitest';
import { CausalClock } from '../connection/causal-clock.js';
import type { MongoContext } from '../connection/mongo-context.js';
import { ReadTurns } from '../connection/read-turns.js';
import { MongoChangeFeed } from './mongo.change-feed.js';

// A status of a projection with 1,024 partitions took all connections, and the leases of those who fed them waited behind it.
it('events are counted in turns with what else callers read', async () => {
  let running = 0;
  let most = 0;
  const toArray = async (): Promise<{ events: number }[]> => {
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return [{ events: 1 }];
  };
  const db = {
    admin: () => ({ command: () => Promise.resolve({ transactionLifetimeLimitSeconds: 60 }) }),
    collection: () => ({ aggregate: () => ({ toArray }) }),
  };
  const [clock, turns, environment, logger] = [new CausalClock(), new ReadTurns(2), systemEnvironment, silentLogger];
  const feed = await MongoChangeFeed.open({ db, clock, turns, environment, logger } as unknown as MongoContext);
  const counts = Array.from({ length: 50 }, () => feed.eventsAfter(storeTime(0, 0), 10));
  expect(await Promise.all(counts)).toEqual(counts.map(() => 1));
  expect(most).toBe(2);
});
