import { FeedHistoryLost, type ChangeFeed, type StoreConnection } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { DailyTotalProjection, OrderPlaced } from '../fixtures/shop.fixture.js';
import { append, engine, fact, memory } from '../fixtures/store.fixture.js';

/** A port one of whose methods does something else. */
function changed<T extends object>(port: T, changes: Partial<T>): T {
  const get = (target: T, key: string | symbol): unknown => {
    const member: unknown = Reflect.get(changes, key) ?? Reflect.get(target, key);
    return typeof member === 'function' ? (member.bind(target) as unknown) : member;
  };
  return new Proxy(port, { get });
}

it('a projection stops when it finds another store on the way back after lost history', async () => {
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
  const read: StoreConnection['events']['read'] = async (stream, range) => {
    const slice = await store.events.read(stream, range);
    return isOther ? { ...slice, commits: [] } : slice;
  };
  const one = engine({ ...store, feed: changed(store.feed, { subscribe }), events: changed(store.events, { read }) }, [
    DailyTotalProjection,
  ]);
  try {
    await one.start();
    await append(store, 'order-1', fact(OrderPlaced, { orderId: '1', customerId: 'c', total: 1 }));
    await one.settled();
    isOther = true;
    await vi.waitFor(async () =>
      expect(await one.status('daily-total')).toMatchObject({ state: 'stopped', error: { code: 'store.restored' } }),
    );
  } finally {
    await one.stop();
  }
});
