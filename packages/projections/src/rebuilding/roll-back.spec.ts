import { InMemoryDatabase, type StoreConnection } from '@nestfold/core';
import { Stopwatch } from '@nestfold/dev-stack';
import { describe, expect, it, vi } from 'vitest';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import { endEnginesAfterEach, ordersOf, place, started } from '../fixtures/engines.fixture.js';
import { DailyTotalProjection } from '../fixtures/shop.fixture.js';
import { differences, OrderTrailProjection, touch } from '../fixtures/one-stream.fixture.js';
import { documents, fast, memory } from '../fixtures/store.fixture.js';

endEnginesAfterEach();

const settings = { ...fast, graceMs: 60_000 };
const WAIT = { timeout: 8_000 };

/** A projection that was rebuilt: generation 2 is live, 1 is the former one. */
async function rebuilt(store: StoreConnection, graceMs = settings.graceMs): Promise<ProjectionEngine> {
  const one = await started(store, [DailyTotalProjection], { settings: { ...settings, graceMs } });
  await one.settled();
  await one.rebuild('daily-total', 'ada');
  await vi.waitFor(
    async () => expect(await one.status('daily-total')).toMatchObject({ generation: 2, state: 'live' }),
    WAIT,
  );
  return one;
}

const ordersIn = async (store: StoreConnection, number: number): Promise<unknown> =>
  (await documents(store, `daily-total.1.${number}.daily_total`)).get('all')?.['orders'];

/*
 * Taken away once to see these fail: feeding the former generation (the going back was refused); the look at its leases (readers saw what it had when its
 * owner stopped); the new grace of one that comes to be the former again (it was dropped at once).
 */
describe('going back to the former generation', () => {
  it('shows as much as the live one did, since both are fed, and forth again [B-8]', async () => {
    const store = await memory();
    await place(store, '1');
    const one = await rebuilt(store);
    for (const id of ['2', '3']) await place(store, id);
    await one.settled();
    await vi.waitFor(async () => expect(await ordersIn(store, 1)).toBe(3), WAIT);
    const watch = Stopwatch.start();
    await one.rollback('daily-total', 'eve');
    expect(watch.stop()).toBeLessThan(1_000);
    expect(await store.generations.entry('daily-total', 1)).toMatchObject({ live: 1, previous: 2, swappedBy: 'eve' });
    expect(await one.status('daily-total')).toMatchObject({ generation: 1, state: 'live' });
    await place(store, '4');
    await one.settled();
    expect(await ordersOf(one)).toBe(4);
    await vi.waitFor(async () => expect(await ordersIn(store, 2)).toBe(4), WAIT);
    await one.rollback('daily-total', 'eve');
    expect(await ordersOf(one)).toBe(4);
    expect(await store.generations.entry('daily-total', 1)).toMatchObject({ live: 2, previous: 1 });
  });

  it('works between different numbers of partitions while events arrive [B-8]', { timeout: 30_000 }, async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    const own = { ...settings, partitions: 2 };
    const engines = await Promise.all(
      [0, 1].map(async () => started(await memory(database), [OrderTrailProjection], { settings: own })),
    );
    const one = engines[0]!;
    await Promise.all(engines.map((each) => each.settled()));
    await one.rebuild('order-trail', 'ada', { partitions: 5 });
    await vi.waitFor(
      async () => expect(await one.status('order-trail')).toMatchObject({ generation: 2, state: 'live' }),
      WAIT,
    );
    for (let round = 0; round < 6; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => touch(store, 30)));
      await engines[round % 2]!.rollback('order-trail', 'eve');
      expect((await store.generations.entry('order-trail', 1))?.live).toBe(round % 2 === 0 ? 1 : 2);
      await Promise.all(engines.map((each) => each.settled()));
      expect(await differences(store, one)).toEqual([]);
    }
  });

  it('is refused where there is none', async () => {
    const one = await started(await memory(), [DailyTotalProjection], { settings });
    await one.settled();
    await expect(one.rollback('daily-total', 'eve')).rejects.toMatchObject({ code: 'rollback.refused' });
    await expect(one.rollback('unknown', 'eve')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is refused, with the lag that it would show, when nobody feeds it any more [B-8]', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    await place(store, '1');
    const one = await rebuilt(await memory(database));
    await one.stop();
    for (const id of ['2', '3', '4']) await place(store, id);
    const reader = await started(store, [DailyTotalProjection], {
      settings,
      node: { id: 'reader', host: 'h', pid: 1, build: 'b', roles: [], commands: [] },
    });
    const refused = reader.rollback('daily-total', 'eve');
    await expect(refused).rejects.toMatchObject({ code: 'rollback.refused', lag: { lagEvents: 3 } });
    await expect(refused).rejects.toThrow(/is not fed any more, and is 3 events and \d s behind/);
    expect((await store.generations.entry('daily-total', 1))?.live).toBe(2);
  });

  it('is refused when its grace is over, and what it had is gone [B-8]', async () => {
    const store = await memory();
    await place(store, '1');
    const one = await rebuilt(store, 200);
    await vi.waitFor(
      async () => expect((await store.generations.entry('daily-total', 1))?.previous).toBeUndefined(),
      WAIT,
    );
    await expect(one.rollback('daily-total', 'eve')).rejects.toMatchObject({ code: 'rollback.refused' });
    expect((await documents(store, 'daily-total.1.1.daily_total')).size).toBe(0);
    expect(await store.checkpoints.find('daily-total.1.1/0')).toBeUndefined();
  });

  it('gives the one that becomes the former again its whole grace again', async () => {
    const store = await memory();
    await place(store, '1');
    const one = await rebuilt(store, 1_000);
    await one.rollback('daily-total', 'eve');
    await one.rollback('daily-total', 'eve');
    const swappedAt = performance.now();
    await vi.waitFor(
      async () => expect((await store.generations.entry('daily-total', 1))?.previous).toBeUndefined(),
      WAIT,
    );
    expect(performance.now() - swappedAt).toBeGreaterThan(900);
  });
});
