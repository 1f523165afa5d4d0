import { silentLogger, type ChangeFeed, type Logger } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, ordersOf, place, started } from '../fixtures/engines.fixture.js';
import { DailyTotalProjection } from '../fixtures/shop.fixture.js';
import { memory } from '../fixtures/store.fixture.js';

endEnginesAfterEach();

it('a projection for which the log of changes is too short says so and tries again, until it is long enough [F-11]', async () => {
  // Taken away once to see this fail: the look at how far the feed reaches (it went live at once).
  const store = await memory();
  await place(store, '1');
  let isLongEnough = false;
  const reaches: ChangeFeed['reaches'] = (time) => (isLongEnough ? store.feed.reaches(time) : Promise.resolve(false));
  const said: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (_message, facts) => void said.push(String(facts?.['error'])) };
  const one = await started({ ...store, feed: altered(store.feed, { reaches }) }, [DailyTotalProjection], { logger });
  await vi.waitFor(
    () => expect(said.filter((error) => error.includes('does not reach back')).length).toBeGreaterThan(1),
    10_000,
  );
  expect(await one.status('daily-total')).toMatchObject({ state: 'building' });
  isLongEnough = true;
  await place(store, '2');
  await one.settled();
  expect(await ordersOf(one)).toBe(2);
});
