import { expect, it } from 'vitest';
import { EventsHandler, eventsHandlerDefinitionOf } from '../definition/events-handler.decorator.js';
import { contextOf } from '../fixtures/engines.fixture.js';
import { OrderPlaced } from '../fixtures/shop.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { at, commitAt, ScriptedFeed } from '../following/scripted-feed.fixture.js';
import { HeldPartition } from '../running/held-partition.js';
import { HandlerConsumer } from './handler-consumer.js';

/** Follows a feed from a place on; what `moved` tells moves the script. */
async function handling(feed: ScriptedFeed, moved: (end: () => void) => void): Promise<HeldPartition> {
  class Mails {
    handle(): void {}
  }
  EventsHandler(OrderPlaced, { name: 'mails', startFrom: 'beginning' })(Mails);
  const context = contextOf({ ...(await memory()), feed });
  const held = (await HeldPartition.take(context, 'handler:mails', 'one'))!;
  await held.save({ phase: 'live', began: at(100), horizon: at(90) }, at(90));
  const ended = new AbortController();
  const registered = { definition: eventsHandlerDefinitionOf(Mails), instance: new Mails() };
  const silent = { failed: () => undefined, parked: () => undefined, succeeded: () => undefined };
  const listener = { ...silent, moved: () => moved(() => ended.abort()) };
  await new HandlerConsumer(context, registered, held, ended.signal, listener).run();
  await held.release();
  const marks = await context.connection.checkpoints.watermarks(held.key, ['order-a', 'order-b']);
  expect([...marks.values()].map(({ stream, seen }) => `${stream}:${seen}`).sort()).toEqual(['order-a:2', 'order-b:1']);
  return held;
}

// With the time of a batch's last commit instead of the feed's, the older of two batches counted as the later one: `order-a:1`, and after lost history
// the second event was handled again.
it("a handler's watermarks are of the feed's time, which only rises, although commits become visible in another order than that of their own", async () => {
  const feed = new ScriptedFeed(at(101), [
    commitAt('order-a', 1, at(95), at(100)),
    commitAt('order-b', 1, at(99), at(101)),
    // Stored before order-b's, held open, and visible only then.
    commitAt('order-a', 2, at(97), at(110)),
  ]);
  let moves = 0;
  await handling(feed, (end) => {
    moves += 1;
    if (moves === 2) feed.clock = at(112);
    if (moves === 4) end();
  });
  expect(moves).toBeGreaterThanOrEqual(4);
});
