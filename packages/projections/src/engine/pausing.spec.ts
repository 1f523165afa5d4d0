import { isConfigurationError, isNotFound, type StoreConnection } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, ordersOf, passed, place, started } from '../fixtures/engines.fixture.js';
import { differences, OrderTrailProjection, touch } from '../fixtures/one-stream.fixture.js';
import { DailyTotalProjection } from '../fixtures/shop.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';
import { isNotSettled } from './not-settled.error.js';

endEnginesAfterEach();

const paused = (store: StoreConnection): Promise<void> =>
  vi.waitFor(async () => expect(await store.leases.findAll(['daily-total.1.1/0'])).toEqual([]), 10_000);

describe('a projection that is paused', () => {
  it('stands still in all processes, readable and ready, over restarts, and loses nothing [D-6]', async () => {
    const store = await memory();
    await place(store, '1');
    const one = await started(store, [DailyTotalProjection]);
    const two = await started(store, [DailyTotalProjection]);
    await one.settled();
    await two.pause('daily-total', 'ada');
    await paused(store);
    await place(store, '2');
    for (const each of [one, two]) {
      expect(await each.status('daily-total')).toMatchObject({
        state: 'paused',
        lagEvents: 1,
        paused: { by: 'ada', at: expect.any(Date) as Date },
      });
      expect(each.readiness()).toEqual({ ready: true, reasons: [] });
      expect(await ordersOf(each)).toBe(1);
    }
    await Promise.all([one.stop(), two.stop()]);
    const three = await started(store, [DailyTotalProjection]);
    expect(await three.status('daily-total')).toMatchObject({ state: 'paused' });
    const begun = Date.now();
    const failure: unknown = await three.settled({ timeoutMs: 60_000 }).catch((error: unknown) => error);
    expect(failure).toSatisfy(isNotSettled);
    expect((failure as Error).message).toMatch(/paused/);
    expect(Date.now() - begun).toBeLessThan(5_000);
    expect(await ordersOf(three)).toBe(1);
    await three.resume('daily-total', 'ada');
    await three.settled();
    expect(await ordersOf(three)).toBe(2);
    expect(await three.status('daily-total')).toMatchObject({ state: 'live' });
    expect(await three.status('daily-total')).not.toHaveProperty('paused');
  });

  it('is settled where nothing is left to apply', async () => {
    const store = await memory();
    await place(store, '1');
    const one = await started(store, [DailyTotalProjection]);
    await one.settled();
    await one.pause('daily-total', 'ada');
    await paused(store);
    await expect(one.settled()).resolves.toBeUndefined();
  });

  it('is known by its name', async () => {
    const one = await started(await memory(), [DailyTotalProjection]);
    await expect(one.pause('nope', 'ada')).rejects.toSatisfy(isNotFound);
    await expect(one.resume('nope', 'ada')).rejects.toSatisfy(isNotFound);
  });
});

describe('a rebuild', () => {
  it('that is paused stands still and goes on where it was; the live documents go on meanwhile [B-7]', async () => {
    const store = await memory();
    for (let n = 0; n < 10; n += 1) await place(store, `${n}`);
    const one = await started(store, [DailyTotalProjection]);
    await one.settled();
    // Begun and paused at once, before anything of it was written.
    const begin: StoreConnection['generations']['begin'] = async (begun) => {
      const generation = await store.generations.begin(begun);
      await store.generations.pauseBuild(generation.id, true);
      return generation;
    };
    const two = await started({ ...store, generations: altered(store.generations, { begin }) }, [DailyTotalProjection]);
    const { id } = await two.rebuild('daily-total', 'ada');
    await place(store, '10');
    await vi.waitFor(async () => expect(await ordersOf(one)).toBe(11), 10_000);
    expect(await one.rebuildStatus(id)).toMatchObject({ state: 'running', paused: true });
    expect((await store.checkpoints.find(`${id}/0`))?.position).toBeUndefined();
    expect(await one.resumeRebuild(id)).toBe(true);
    await vi.waitFor(async () => expect(await one.rebuildStatus(id)).toMatchObject({ state: 'done' }), {
      timeout: 5_000,
    });
    await vi.waitFor(async () => expect(await ordersOf(one)).toBe(11), 10_000);
    expect(await one.pauseRebuild(id)).toBe(false);
    expect(await one.resumeRebuild('nope')).toBe(false);
  });

  it('is throttled, and freed of it while it runs [B-7]', { timeout: 20_000 }, async () => {
    const store = await memory(undefined, { horizonSeconds: 1 });
    for (let n = 0; n < 30; n += 1) await place(store, `${n}`);
    await passed(store, 3);
    const one = await started(store, [DailyTotalProjection]);
    await one.settled();
    const begun = Date.now();
    const { id } = await one.rebuild('daily-total', 'ada', { throttle: 10 });
    const built = async (): Promise<number> => {
      const collection = (await store.generations.generation(id))?.collections['daily_total'] ?? '';
      return Number((await store.readModels.findById(collection, 'all'))?.['orders'] ?? 0);
    };
    await vi.waitFor(async () => expect(await built()).toBeGreaterThan(0), { timeout: 10_000 });
    expect(await one.rebuildStatus(id)).toMatchObject({ state: 'running', throttle: 10 });
    await vi.waitFor(() => expect(Date.now() - begun).toBeGreaterThan(1_000), { timeout: 10_000 });
    // What the time since is worth, and a second's worth more at most.
    const count = await built();
    expect(count).toBeLessThanOrEqual(10 * ((Date.now() - begun) / 1_000 + 1));
    expect(await one.throttleRebuild(id, undefined)).toBe(true);
    await vi.waitFor(async () => expect(await one.rebuildStatus(id)).toMatchObject({ state: 'done' }), {
      timeout: 10_000,
    });
    expect(await ordersOf(one)).toBe(30);
    expect(await one.throttleRebuild(id, 5)).toBe(false);
  });

  it('refuses a throttle that is none', async () => {
    const one = await started(await memory(), [DailyTotalProjection]);
    for (const throttle of [0, -1, NaN, Infinity]) {
      await expect(one.rebuild('daily-total', 'ada', { throttle })).rejects.toSatisfy(isConfigurationError);
      await expect(one.throttleRebuild('daily-total.1.1', throttle)).rejects.toSatisfy(isConfigurationError);
    }
  });

  it('whose ranges are loaded is paused and throttled too [B-7]', { timeout: 20_000 }, async () => {
    const store = await memory(undefined, { horizonSeconds: 1 });
    for (let n = 0; n < 30; n += 1) await touch(store, 10);
    await passed(store, 3);
    const settings = { ...fast, partitions: 2, loadThreads: 0 };
    const one = await started(store, [OrderTrailProjection], { settings });
    await one.settled();
    const { id } = await one.rebuild('order-trail', 'ada', { throttle: 5 });
    await vi.waitFor(async () => expect((await store.generations.generation(id))?.load).toBeDefined(), 10_000);
    expect(await one.pauseRebuild(id)).toBe(true);
    const ranges = async () =>
      (await store.leases.findAll([0, 1, 2, 3].map((range) => `${id}/load/${range}`))).filter(
        ({ isExpired }) => !isExpired,
      );
    await vi.waitFor(async () => expect(await ranges()).toEqual([]), { timeout: 10_000 });
    expect(await one.rebuildStatus(id)).toMatchObject({ state: 'running', paused: true });
    expect(await one.throttleRebuild(id, undefined)).toBe(true);
    expect(await one.resumeRebuild(id)).toBe(true);
    await vi.waitFor(async () => expect(await one.rebuildStatus(id)).toMatchObject({ state: 'done' }), {
      timeout: 5_000,
    });
    await one.settled();
    expect(await differences(store, one)).toEqual([]);
  });
});
