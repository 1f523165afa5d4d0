import { storeTime, type FeedStart, type FeedSubscription } from '@nestfold/core';
import { FeedHub } from '../src/change-feed/feed-hub.js';
import { MongoFeedSubscription } from '../src/change-feed/feed-subscription.js';
import type { FakeLog } from './fake-log.js';

export const BEGINNING: FeedStart = { at: storeTime(1_000, 0) };

export function feedOf(log: FakeLog): { readonly hub: FeedHub; subscribe(start?: FeedStart): MongoFeedSubscription } {
  const hub = new FeedHub(log, () => false);
  return { hub, subscribe: (start = BEGINNING) => new MongoFeedSubscription(log, hub, start) };
}

/** Takes until so many came. */
export async function take(feed: FeedSubscription, count: number, max = 50): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const { commits } = await feed.next({ max, waitMs: 50 });
    ids.push(...commits.map(({ commit }) => commit.id));
  }
  return ids;
}

export function fill(log: FakeLog, count: number, stream = 'order-1'): string[] {
  return Array.from({ length: count }, () => log.append(stream).commit.id);
}
