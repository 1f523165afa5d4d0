import type { FeedSubscription, StoreConnection } from '@nestfold/core';
import { altered } from './altered.js';
import type { Gate } from './gate.js';

/** A store whose live feed is held up by a gate: what arrives meanwhile is a backlog, all of it behind one stream. */
export function gatedStore(store: StoreConnection, gate: Gate): StoreConnection {
  const subscribe: StoreConnection['feed']['subscribe'] = (start): FeedSubscription => {
    const subscription = store.feed.subscribe(start);
    return {
      next: async (options) => {
        await gate.pass();
        const batch = await subscription.next(options);
        // One that waited when the gate was shut.
        await gate.pass();
        return batch;
      },
      close: () => subscription.close(),
    };
  };
  return { ...store, feed: altered(store.feed, { subscribe }) };
}
