import { InMemoryDatabase } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { Mortal, type Death } from '../fixtures/mortal.fixture.js';
import { differences, OrderTrailProjection, touch } from '../fixtures/one-stream.fixture.js';
import { engine, fast, memory } from '../fixtures/store.fixture.js';

const settings = {
  ...fast,
  partitions: 2,
  leaseMs: 1_000,
  leasePollMs: 20,
  swapMs: 300,
  heartbeatMs: 100,
  graceMs: 60_000,
  drainMs: 500,
};
const WAIT = { timeout: 10_000 };

/** A process that dies at one step of a swap from two partitions to three, and one that goes on. */
async function swapAndDie(death: Death): Promise<void> {
  const where = JSON.stringify(death);
  const database = new InMemoryDatabase();
  const store = await memory(database);
  for (let n = 0; n < 20; n += 1) await touch(store, 10);
  const mortal = new Mortal(await memory(database), death);
  const one = engine(mortal.connection, [OrderTrailProjection], { settings });
  const two = engine(store, [OrderTrailProjection], { settings });
  try {
    await one.start();
    await one.settled(WAIT2);
    mortal.arm();
    // The dead do not answer.
    void one.rebuild('order-trail', 'test', { partitions: 3 }).catch(() => undefined);
    await vi.waitFor(async () => {
      const built = (await store.generations.generation('order-trail.1.2'))?.builtAt !== undefined;
      expect(mortal.isDead || built, where).toBe(true);
    }, WAIT);
    await two.start();
    for (let n = 0; n < 20; n += 1) await touch(store, 10);
    await vi.waitFor(
      async () => expect((await store.generations.entry('order-trail', 1))?.building, where).toBeUndefined(),
      WAIT,
    );
    await two.settled(WAIT2);
    expect(await differences(store, two), where).toEqual([]);
    // Nothing is left that would hold up the next one.
    if ((await store.generations.generation('order-trail.1.2')) !== undefined) {
      await vi.waitFor(
        async () => expect(await two.status('order-trail'), where).toMatchObject({ generation: 2, state: 'live' }),
        WAIT,
      );
      await vi.waitFor(() => two.rollback('order-trail', 'test'), WAIT);
      await two.settled(WAIT2);
      expect(await differences(store, two), where).toEqual([]);
    }
  } finally {
    await Promise.all([one, two].map((each) => each.stop()));
  }
}

const WAIT2 = { timeoutMs: 10_000 };

/** Which calls a swap is made of, and how many of each there are at most from the rebuild on. */
const STEPS = {
  'leases.acquire': 9,
  'checkpoints.claim': 8,
  'generations.requestSwap': 2,
  'generations.swap': 1,
  'generations.dropSwap': 1,
  'leases.release': 4,
};

// Taken away once to see this fail: the end of the live leases that a dead coordinator held (a `ttlMs` of an hour).
it(
  'a coordinator that dies at any step of a swap leaves nothing lost, doubled or held for ever [B-4]',
  { timeout: 120_000 },
  async () => {
    const deaths = Object.entries(STEPS).flatMap(([of, times]) =>
      Array.from({ length: times }, (_, index) => [
        { of, call: index + 1, when: 'before' } as const,
        { of, call: index + 1, when: 'after' } as const,
      ]).flat(),
    );
    for (let first = 0; first < deaths.length; first += 10)
      await Promise.all(deaths.slice(first, first + 10).map(swapAndDie));
  },
);
