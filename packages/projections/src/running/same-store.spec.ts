import { FeedHistoryLost, type ChangeFeed } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, place, started } from '../fixtures/engines.fixture.js';
import { DailyTotalProjection } from '../fixtures/shop.fixture.js';
import { memory } from '../fixtures/store.fixture.js';

endEnginesAfterEach();

it('a projection stops when it finds another store on the way back after lost history [F-10]', async () => {
  // Taken away once to see this fail: the comparison at the re-entry (the projection went on with the other store's events).
  const store = await memory();
  let isOther = false;
  let isLost = false;
  const subscribe: ChangeFeed['subscribe'] = (start) => {
    const subscription = store.feed.subscribe(start);
    const next: typeof subscription.next = (options) => {
      if (!isOther || isLost) return subscription.next(options);
      isLost = true;
      return Promise.reject(new FeedHistoryLost('lost'));
    };
    return { next, close: () => subscription.close() };
  };
  const holds: ChangeFeed['holds'] = async (last) => !isOther && store.feed.holds(last);
  const changed = { feed: altered(store.feed, { subscribe, holds }) };
  const one = await started({ ...store, ...changed }, [DailyTotalProjection]);
  await place(store, '1');
  await one.settled();
  isOther = true;
  await vi.waitFor(
    async () =>
      expect(await one.status('daily-total')).toMatchObject({ state: 'stopped', error: { code: 'store.restored' } }),
    10_000,
  );
});
