import { silentLogger, type FeedReach, type Logger, type StoreConnection } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { contextOf, endEnginesAfterEach, place, started } from '../fixtures/engines.fixture.js';
import { OrderTrailProjection, touch } from '../fixtures/one-stream.fixture.js';
import { DailyTotalProjection } from '../fixtures/shop.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';
import { tallyAt } from '../fixtures/versions.fixture.js';
import { headroomOf, HeadroomWatch } from './feed-headroom.js';

endEnginesAfterEach();

/** A store whose feed goes back so far. */
function reaching(store: StoreConnection, reach: () => FeedReach | undefined): StoreConnection {
  return { ...store, feed: altered(store.feed, { reach: () => Promise.resolve(reach()) }) };
}

describe('what an operator sees', () => {
  it('each partition has an owner and a lag of its own, the same from every process [A-3]', async () => {
    const store = await memory();
    for (let n = 0; n < 20; n += 1) await touch(store, 10);
    const settings = { ...fast, partitions: 4 };
    const one = await started(store, [OrderTrailProjection], { settings });
    const two = await started(store, [OrderTrailProjection], { settings });
    await vi.waitFor(
      async () => {
        const { partitions } = await one.status('order-trail');
        expect(new Set(partitions.map(({ owner }) => owner)).size).toBe(2);
      },
      { timeout: 5_000 },
    );
    await one.settled();
    const { partitions } = await two.status('order-trail');
    expect(partitions.map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
    const nodes = (await one.nodes()).map(({ id }) => id);
    for (const { owner, host, lagEvents } of partitions) {
      expect(nodes).toContain(owner);
      expect({ host, lagEvents }).toEqual({ host: 'test', lagEvents: 0 });
    }
    await one.pause('order-trail', 'ada');
    await vi.waitFor(
      async () =>
        expect((await two.status('order-trail')).partitions.every(({ owner }) => owner === undefined)).toBe(true),
      10_000,
    );
    await touch(store, 10);
    const { lagEvents, partitions: paused } = await two.status('order-trail');
    expect(lagEvents).toBe(1);
    expect(paused.map((one) => one.lagEvents).toSorted()).toEqual([0, 0, 0, 1]);
  });

  it('processes with the versions that they compiled', async () => {
    const store = await memory();
    await place(store, '1');
    const old = await started(store, [tallyAt(3), DailyTotalProjection]);
    await started(store, [tallyAt(4)]);
    expect(await old.nodes()).toMatchObject([
      { projections: { tally: 3, 'daily-total': 1 }, alive: true },
      { projections: { tally: 4 }, alive: true },
    ]);
  });

  it('how much of the past the live feed has', async () => {
    const store = await memory();
    await place(store, '1');
    const one = await started(store, [DailyTotalProjection]);
    expect(await one.feedHeadroom()).toEqual({ seconds: 0, isWhole: true, neededSeconds: 600, isShort: false });
    const short = contextOf(reaching(store, () => ({ seconds: 599, isWhole: false })));
    expect(await headroomOf(short)).toMatchObject({ isShort: true });
    expect(await headroomOf(contextOf(reaching(store, () => ({ seconds: 600, isWhole: false }))))).toMatchObject({
      isShort: false,
    });
    expect(await headroomOf(contextOf(reaching(store, () => undefined)))).toBeUndefined();
  });

  it('a warning when that becomes short, once each time', async () => {
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
    let seconds = 10;
    let now = 0;
    const context = contextOf(reaching(await memory(), () => ({ seconds, isWhole: false })));
    const environment = { ...context.environment, now: () => now };
    const watch = new HeadroomWatch({ ...context, environment, logger });
    const look = async (): Promise<number> => {
      now += 60_000;
      await watch.tend();
      return warnings.length;
    };
    expect(await look()).toBe(1);
    expect(await look()).toBe(1);
    seconds = 10_000;
    expect(await look()).toBe(1);
    seconds = 10;
    expect(await look()).toBe(2);
    await watch.tend();
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/oplog/);
  });
});
