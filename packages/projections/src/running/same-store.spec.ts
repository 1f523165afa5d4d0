import { minusSeconds, type ChangeFeed } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import { altered, replaced } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, place, started } from '../fixtures/engines.fixture.js';
import { DailyTotalProjection } from '../fixtures/shop.fixture.js';
import { memory } from '../fixtures/store.fixture.js';

endEnginesAfterEach();

async function stopsAsRestored(engine: ProjectionEngine): Promise<void> {
  const error = {
    code: 'store.restored',
    message: expect.stringContaining('Rebuild the projections') as string,
  };
  await vi.waitFor(
    async () => expect(await engine.status('daily-total')).toMatchObject({ state: 'stopped', error }),
    10_000,
  );
}

it('a projection stops when it finds another store on the way back after lost history [F-10]', async () => {
  // Taken away once to see this fail: the comparison at the re-entry (the projection went on with the other store's events).
  const store = await memory();
  let isOther = false;
  const one = await started({ ...store, feed: replaced(store.feed, () => isOther) }, [DailyTotalProjection]);
  await place(store, '1');
  await one.settled();
  isOther = true;
  await stopsAsRestored(one);
});

// Taken away once to see this fail: the comparison with the store's clock (MongoDB refused the read, and the projection stopped with words of the driver's).
it('a projection that has applied nothing stops when the store was restored to before the moment at which it was read [F-10]', async () => {
  const store = await memory();
  const one = await started(store, [DailyTotalProjection]);
  await one.settled();
  await one.stop();
  const restored = (seconds: number) => ({
    ...store,
    feed: altered(store.feed, { now: async () => minusSeconds(await store.feed.now(), seconds) }),
  });
  const two = await started(restored(3_600), [DailyTotalProjection]);
  await stopsAsRestored(two);
});

// As behind a failover: stopped, it would have to be rebuilt for nothing.
it('a projection waits while the clock of the store is a little behind the moment at which it was read', async () => {
  const store = await memory();
  const one = await started(store, [DailyTotalProjection]);
  await one.settled();
  await one.stop();
  let behind = true;
  let asked = 0;
  const now: ChangeFeed['now'] = async () => {
    asked += 1;
    return behind ? minusSeconds(await store.feed.now(), 30) : store.feed.now();
  };
  const two = await started({ ...store, feed: altered(store.feed, { now }) }, [DailyTotalProjection]);
  await vi.waitFor(() => expect(asked).toBeGreaterThan(2), 10_000);
  behind = false;
  await place(store, '1');
  await two.settled();
  expect(await two.status('daily-total')).toMatchObject({ state: 'live' });
});
