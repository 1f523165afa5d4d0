import { systemEnvironment, type StoreTime } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { EventsHandler, eventsHandlerDefinitionOf } from '../definition/events-handler.decorator.js';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, place, started } from '../fixtures/engines.fixture.js';
import { DailyTotalProjection, OrderPlaced } from '../fixtures/shop.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';

endEnginesAfterEach();

class Noted {
  handle(): void {}
}
EventsHandler(OrderPlaced, { name: 'noted', startFrom: 'beginning' })(Noted);

/*
 * Taken away once each: the sweep itself (watermarks would be kept for ever), and the floor as its end (with any later time, what comes again after a
 * lost place would be applied again: `watermarks swept by the clock` among the mutants of the simulation).
 */
it('old watermarks are swept now and then, of projections and handlers, up to the floor and no further', async () => {
  const store = await memory();
  let ahead = 0;
  const swept: { readonly key: string; readonly floor: StoreTime; readonly stored: StoreTime | undefined }[] = [];
  const sweep = async (key: string, floor: StoreTime): Promise<void> => {
    swept.push({ key, floor, stored: (await store.checkpoints.find(key))?.floor });
  };
  await started({ ...store, checkpoints: altered(store.checkpoints, { sweep }) }, [DailyTotalProjection], {
    settings: fast,
    handlers: [{ definition: eventsHandlerDefinitionOf(Noted), instance: new Noted() }],
    environment: { ...systemEnvironment, now: () => Date.now() + ahead },
  });
  for (let order = 1; new Set(swept.map(({ key }) => key)).size < 2 && order < 200; order += 1) {
    await place(store, `${order}`);
    // By its own clock a minute passes again and again; leases are the store's.
    await vi.waitFor(
      async () => expect((await store.checkpoints.find('daily-total.1.1/0'))?.floor).toBeDefined(),
      10_000,
    );
    ahead += 61_000;
    await systemEnvironment.sleep(20);
  }
  expect(new Set(swept.map(({ key }) => key))).toEqual(new Set(['daily-total.1.1/0', 'handler:noted']));
  for (const { floor, stored } of swept) expect(floor <= (stored ?? '')).toBe(true);
});
