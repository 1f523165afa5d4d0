import { minusSeconds, type ChangeFeed, type StoreConnection } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { EventsHandler, eventsHandlerDefinitionOf } from '../definition/events-handler.decorator.js';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import { altered, replaced } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, place, started } from '../fixtures/engines.fixture.js';
import { OrderPlaced } from '../fixtures/shop.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';

endEnginesAfterEach();

/** An engine of one handler, which notes what it gets. */
function handling(store: StoreConnection, got: string[]): Promise<ProjectionEngine> {
  class Mails {
    handle({ orderId }: OrderPlaced): void {
      got.push(orderId);
    }
  }
  EventsHandler(OrderPlaced, { name: 'mails', startFrom: 'beginning' })(Mails);
  const handlers = [{ definition: eventsHandlerDefinitionOf(Mails), instance: new Mails() }];
  return started(store, [], { handlers, settings: fast });
}

function withFeed(store: StoreConnection, changes: Partial<ChangeFeed>): StoreConnection {
  return { ...store, feed: altered(store.feed, changes) };
}

async function waitsAsRestored(one: ProjectionEngine): Promise<void> {
  await vi.waitFor(
    async () => expect(await one.handlerStatuses()).toMatchObject([{ error: { code: 'store.restored' } }]),
    5_000,
  );
}

/*
 * Taken away once each to see these fail: the comparison at the start (the first two: it went on, or waited for a place that the store does not have, and said
 * nothing), that at the re-entry (the third), and the last commit in what a handler saves (the last two).
 */
it('an events handler waits, visibly, when the store was restored to before the moment at which it was read [F-10]', async () => {
  const [store, got] = [await memory(), [] as string[]];
  const one = await handling(store, got);
  await one.settled();
  await one.stop();
  const now: ChangeFeed['now'] = async () => minusSeconds(await store.feed.now(), 3_600);
  await waitsAsRestored(await handling(withFeed(store, { now }), got));
  await place(store, '1');
  expect(got).toEqual([]);
});

it('an events handler waits, visibly, when the store lacks the last commit that it has handled [F-10]', async () => {
  const [store, got] = [await memory(), [] as string[]];
  await place(store, '1');
  const one = await handling(store, got);
  await one.settled();
  await one.stop();
  await waitsAsRestored(await handling(withFeed(store, { holds: () => Promise.resolve(false) }), got));
  await place(store, '2');
  expect(got).toEqual(['1']);
});

it('an events handler waits, visibly, when it finds another store on the way back after lost history [F-10]', async () => {
  const [store, got] = [await memory(), [] as string[]];
  let isOther = false;
  const one = await handling({ ...store, feed: replaced(store.feed, () => isOther) }, got);
  await place(store, '1');
  await one.settled();
  isOther = true;
  await waitsAsRestored(one);
  await place(store, '2');
  expect(got).toEqual(['1']);
});
