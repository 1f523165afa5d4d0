import { InMemoryDatabase, inMemory, silentLogger, systemEnvironment } from '@nestfold/core';
import type { StoreFixture } from '../contract/fixture.js';

/** The in-memory store under the contract: real waits, and a clock that `elapse` moves. */
export function inMemoryFixture(): StoreFixture {
  let ahead = 0;
  const database = new InMemoryDatabase(() => systemEnvironment.now() + ahead);
  const elapse = async (milliseconds: number): Promise<void> => {
    ahead += milliseconds;
  };
  return {
    capabilities: ['several-streams', 'unchanged', 'claims', 'writes'],
    liveHistory: { lose: async () => database.loseHistory() },
    patienceMs: 5000,
    connect: (options = {}) =>
      inMemory({ database }).connect({ environment: systemEnvironment, logger: silentLogger, ...options }),
    elapse,
    silence: () => elapse(31_000),
    dispose: async () => undefined,
  };
}
