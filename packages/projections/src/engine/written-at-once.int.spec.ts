import type { StoreConnection, StoreTime } from '@nestfold/core';
import { MongoOutbox } from '@nestfold/mongodb';
import { MongoClient } from 'mongodb';
import { beforeEach, expect, it } from 'vitest';
import { databaseForEach } from '../../test/mongo.fixture.js';
import { altered, writingThrough } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, ordersOf, started } from '../fixtures/engines.fixture.js';
import { DailyTotalProjection, OrderPlaced } from '../fixtures/shop.fixture.js';
import { fact, fast } from '../fixtures/store.fixture.js';

const database = databaseForEach('at-once');
let store: StoreConnection;

endEnginesAfterEach();

beforeEach(async () => {
  store = await database.connect();
});

/** Places orders in one transaction; answers when they became visible. */
async function placeAtOnce(count: number): Promise<StoreTime> {
  const live = store.feed.subscribe({ at: await store.feed.now() });
  await live.next({ max: 1, waitMs: 0 });
  const client = await new MongoClient(database.uri).connect();
  const outbox = new MongoOutbox(client.db(database.name));
  await client.withSession((session) =>
    session.withTransaction(async () => {
      for (let key = 1; key <= count; key += 1) {
        const events = [fact(OrderPlaced, { orderId: `${key}`, customerId: 'ada', total: 5 })];
        await outbox.add(session, { category: 'order', key: `${key}`, events });
      }
    }),
  );
  await client.close();
  const { commits } = await live.next({ max: count, waitMs: 10_000 });
  await live.close();
  const times = new Set(commits.map(({ visibleAt }) => visibleAt));
  expect([commits.length, times.size]).toEqual([count, 1]);
  return [...times][0]!;
}

/*
 * Seen to fail without `isInside` of a place: of six commits of one time three were applied, and `settled()` ended, in the process that feeds and in others.
 */
it.each(['the process that feeds', 'another one'])(
  'a time at which several commits were written at once is settled only when all of them are applied, asked of %s',
  async (asked) => {
    let batches = 0;
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let quiet: StoreTime | undefined;
    const feed = altered(store.feed, { now: () => (quiet === undefined ? store.feed.now() : Promise.resolve(quiet)) });
    const slow = writingThrough({ ...store, feed }, async (writer, batch, work) => {
      batches += batch.watermarks === undefined ? 0 : 1;
      if (batches > 1) await held;
      return writer.write(batch, work);
    });
    const settings = { ...fast, liveEvents: 3, historyEvents: 3 };
    const feeding = await started(slow, [DailyTotalProjection], { settings });
    await feeding.settled();
    const time = await placeAtOnce(6);
    await expect.poll(() => batches, { timeout: 10_000 }).toBe(2);
    expect(await ordersOf(feeding)).toBe(3);
    // What the store tells while nobody writes.
    quiet = time;
    const node = { id: 'looker', host: 'test', pid: 1, build: 'test', roles: [], commands: [] };
    const one = asked === 'another one' ? await started(slow, [DailyTotalProjection], { node }) : feeding;
    await expect(one.settled({ timeoutMs: 300 })).rejects.toThrow('behind');
    quiet = undefined;
    goOn();
    await feeding.settled();
    expect(await ordersOf(feeding)).toBe(6);
  },
);

// As many as a reader of the feed keeps ahead. Seen to fail without the save where a place has left one time (`isOutOfTime`).
it('a time that fills a reader is settled in other processes too', async () => {
  const feeding = await started(store, [DailyTotalProjection]);
  await feeding.settled();
  const node = { id: 'looker', host: 'test', pid: 1, build: 'test', roles: [], commands: [] };
  const looking = await started(await database.connect(), [DailyTotalProjection], { node });
  await placeAtOnce(200);
  await feeding.settled();
  expect(await ordersOf(feeding)).toBe(200);
  await looking.settled({ timeoutMs: 4_000 });
});
