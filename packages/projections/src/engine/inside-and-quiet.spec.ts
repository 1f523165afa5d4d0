import { InMemoryDatabase, type ChangeFeed, type StoreConnection } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { EventsHandler, eventsHandlerDefinitionOf } from '../definition/events-handler.decorator.js';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, ordersOf, place, started } from '../fixtures/engines.fixture.js';
import { DailyTotalProjection, OrderPlaced } from '../fixtures/shop.fixture.js';
import { isInsideTime } from '../following/store-clock.js';
import { handlerKey } from '../running/keys.js';
import { memory } from '../fixtures/store.fixture.js';

endEnginesAfterEach();

const LOOKER = { id: 'looker', host: 'test', pid: 1, build: 'test', roles: [], commands: [] };

/** A store whose feed tells of each place that more of its time may follow, until it is asked again and there is nothing: as one does whose reader had no room for more. */
function withoutRoom(store: StoreConnection): StoreConnection {
  const subscribe: ChangeFeed['subscribe'] = (start) => {
    const subscription = store.feed.subscribe(start);
    return {
      close: () => subscription.close(),
      next: async (options) => {
        const { commits, position } = await subscription.next(options);
        const isInside = true;
        if (commits.length === 0) return { commits, position };
        return {
          commits: commits.map((one) => ({ ...one, position: { ...one.position, isInside } })),
          position: { ...position, isInside },
        };
      },
    };
  };
  return { ...store, feed: altered(store.feed, { subscribe }) };
}

// Without a save where a place is no longer inside one time, other processes waited for it as long as a quiet place stays unsaved: 20 s, twice as long as `settled()` does.
it('what was read to its end is settled in other processes too, when a reader learns only later that it was', async () => {
  const database = new InMemoryDatabase();
  const store = await memory(database);
  const feeding = await started(withoutRoom(store), [DailyTotalProjection]);
  await feeding.settled();
  const looking = await started(await memory(database), [DailyTotalProjection], { node: LOOKER });
  await place(store, '1');
  await feeding.settled();
  expect(await ordersOf(feeding)).toBe(1);
  await looking.settled({ timeoutMs: 3_000 });
});

it('the same of an events handler', async () => {
  const database = new InMemoryDatabase();
  const store = await memory(database);
  let handled = 0;
  class Mails {
    handle(): void {
      handled += 1;
    }
  }
  EventsHandler(OrderPlaced, { name: 'mails', startFrom: 'beginning' })(Mails);
  await started(withoutRoom(store), [], {
    handlers: [{ definition: eventsHandlerDefinitionOf(Mails), instance: new Mails() }],
  });
  const saved = async () => (await store.checkpoints.find(handlerKey('mails')))?.position;
  await vi.waitFor(async () => expect(await saved()).toMatchObject({ phase: 'live' }), 3_000);
  await place(store, '1');
  await vi.waitFor(() => expect(handled).toBe(1), 3_000);
  await vi.waitFor(async () => expect(isInsideTime((await saved())!)).toBe(false), 3_000);
});
