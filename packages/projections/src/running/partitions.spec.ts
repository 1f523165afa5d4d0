import { InMemoryDatabase, partitionOf, type StoreConnection } from '@nestfold/core';
import { Stopwatch } from '@nestfold/dev-stack';
import { describe, expect, it, vi } from 'vitest';
import { altered, writingThrough } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { Mortal } from '../fixtures/mortal.fixture.js';
import { differences, heldBy, load, OrderTrail, OrderTrailProjection, touch } from '../fixtures/one-stream.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';
import type { ProjectionEngine } from '../engine/projection-engine.js';

endEnginesAfterEach();

const settings = { ...fast, leaseMs: 600, heartbeatMs: 100, partitions: 4 };
const WAIT = { timeout: 8_000 };

const process = async (database: InMemoryDatabase): Promise<ProjectionEngine> =>
  started(await memory(database), [OrderTrailProjection], { settings });

const counts = (engines: readonly ProjectionEngine[]): number[] => engines.map((one) => heldBy(one).length).toSorted();

/*
 * Taken away once to see these fail: giving back what is above the share, taking what has expired above the share, the token in the filter of a batch, the
 * renewal beside a batch, the filter by slices (each event was applied by every partition).
 */
describe('the partitions of a generation', () => {
  it('feed each stream once and in order, in one process [F-3]', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    for (let n = 0; n < 300; n += 1) await touch(store, 60);
    const one = await process(database);
    await one.settled();
    expect(heldBy(one)).toEqual([0, 1, 2, 3]);
    for (let n = 0; n < 300; n += 1) await touch(store, 60);
    await one.settled();
    expect(await differences(store, one)).toEqual([]);
    expect(await store.generations.generation('order-trail.1.1')).toMatchObject({ partitions: 4, slicing: 'stream' });
    expect(await one.status('order-trail')).toMatchObject({ state: 'live', lagEvents: 0 });
  });

  it(
    'are shared among the processes that come and go, under load, and nothing is lost or doubled [P-9]',
    { timeout: 60_000 },
    async () => {
      const database = new InMemoryDatabase();
      const store = await memory(database);
      const one = await process(database);
      await one.settled();
      const writing = load(store, 300, 60);
      const rest = await Promise.all([process(database), process(database), process(database)]);
      await vi.waitFor(() => expect(counts([one, ...rest])).toEqual([1, 1, 1, 1]), WAIT);
      await Promise.all(rest.slice(1).map((other) => other.stop()));
      await vi.waitFor(() => expect(counts([one, rest[0]])).toEqual([2, 2]), WAIT);
      await writing.stop();
      await Promise.all([one.settled(), rest[0].settled()]);
      expect(await differences(store, one)).toEqual([]);
    },
  );

  // With the long rest of a process that has its share the next one to be given back stood still for seconds.
  it('are looked for again at once where another process was faster to take one', { timeout: 30_000 }, async () => {
    const database = new InMemoryDatabase();
    const rare = { settings: { ...settings, leaseMs: 4_000, leasePollMs: 1_500 } };
    const one = await started(await memory(database), [OrderTrailProjection], rare);
    await one.settled();
    const store = await memory(database);
    const asked: number[] = [];
    const acquire: StoreConnection['leases']['acquire'] = async (key, request) => {
      asked.push(performance.now());
      return asked.length <= 2 ? undefined : store.leases.acquire(key, request);
    };
    const two = await started({ ...store, leases: altered(store.leases, { acquire }) }, [OrderTrailProjection], rare);
    await vi.waitFor(() => expect(counts([one, two])).toEqual([2, 2]), WAIT);
    expect(asked[2]! - asked[1]!).toBeLessThan(500);
  });

  it('of a process that dies are taken over when its leases have expired', { timeout: 30_000 }, async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    const mortal = new Mortal(await memory(database), { call: 3, when: 'before' });
    // The dead still count as alive for 15 s: their partitions do not wait for that.
    const rare = { settings: { ...settings, heartbeatMs: 5_000 } };
    const one = await started(mortal.connection, [OrderTrailProjection], rare);
    await one.settled();
    const two = await started(await memory(database), [OrderTrailProjection], rare);
    await vi.waitFor(() => expect(counts([one, two])).toEqual([2, 2]), WAIT);
    const writing = load(store, 200, 60);
    mortal.arm();
    await vi.waitFor(() => expect(mortal.isDead).toBe(true), WAIT);
    const watch = Stopwatch.start();
    await vi.waitFor(() => expect(heldBy(two)).toHaveLength(4), WAIT);
    expect(watch.stop()).toBeLessThan(settings.leaseMs + 2_000);
    await writing.stop();
    await two.settled();
    expect(await differences(store, two)).toEqual([]);
  });

  it('whose batch takes longer than the lease are kept', { timeout: 30_000 }, async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    const tokens = new Set<number | undefined>();
    const outcomes: string[] = [];
    let slow = false;
    const dawdling = writingThrough(await memory(database), async (writer, batch, work) => {
      const isSlow = slow && batch.watermarks !== undefined;
      for (const begun = performance.now(); isSlow && performance.now() - begun < 3 * settings.leaseMs;) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        tokens.add((await store.leases.find('order-trail.1.1/0'))?.token);
      }
      const outcome = await writer.write(batch, work);
      if (isSlow) outcomes.push(outcome.kind);
      return outcome;
    });
    const alone = { settings: { ...settings, partitions: 1 } };
    const one = await started(dawdling, [OrderTrailProjection], alone);
    await one.settled();
    slow = true;
    await touch(store, 60);
    await vi.waitFor(() => expect(tokens.size).toBe(1), WAIT);
    const two = await started(await memory(database), [OrderTrailProjection], alone);
    await vi.waitFor(() => expect(outcomes).toEqual(['committed']), WAIT);
    expect(tokens.size).toBe(1);
    await two.settled();
    expect(await differences(store, two)).toEqual([]);
  });

  it('of a process that was paused are not changed by it when it wakes [P-3]', { timeout: 30_000 }, async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    let asleep = false;
    let wake: () => void = () => undefined;
    const waking = new Promise<void>((resolve) => (wake = resolve));
    const outcomes: string[] = [];
    const pausing = writingThrough(await memory(database), async (writer, batch, work) => {
      const late = asleep && batch.watermarks !== undefined;
      if (late) await waking;
      const outcome = await writer.write(batch, work);
      if (late) outcomes.push(outcome.kind);
      return outcome;
    });
    const { leases } = pausing;
    // Nothing of a stopped process runs, its renewals neither.
    const renew: StoreConnection['leases']['renew'] = async (lease, ttlMs) => {
      if (asleep) await waking;
      return leases.renew(lease, ttlMs);
    };
    const paused = {
      ...pausing,
      leases: new Proxy(leases, {
        get: (target, key) => (key === 'renew' ? renew : (Reflect.get(target, key) as () => unknown).bind(target)),
      }),
    };
    const one = await started(paused, [OrderTrailProjection], { settings });
    await one.settled();
    asleep = true;
    for (let n = 0; n < 40; n += 1) await touch(store, 40);
    const two = await process(database);
    await vi.waitFor(() => expect(heldBy(two)).toHaveLength(4), WAIT);
    for (let n = 0; n < 40; n += 1) await touch(store, 40);
    await two.settled();
    wake();
    await vi.waitFor(() => expect(outcomes.length).toBeGreaterThan(0), WAIT);
    expect(outcomes.every((kind) => kind === 'fenced')).toBe(true);
    await two.settled();
    expect(await differences(store, two)).toEqual([]);
  });

  it('stand where their streams are, each with a checkpoint of its own', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    const one = await process(database);
    await one.settled();
    await touch(store, 1, 'order');
    await one.settled();
    const own = partitionOf('order-0', 4);
    const marks = await Promise.all(
      [0, 1, 2, 3].map((p) => store.checkpoints.watermarks(`order-trail.1.1/${p}`, ['order-0'])),
    );
    expect(marks.map((rows) => rows.get('order-0')?.applied)).toEqual(
      [0, 1, 2, 3].map((p) => (p === own ? 1 : undefined)),
    );
    expect((await one.readModel(OrderTrail).findById('order-0'))?.versions).toEqual([1]);
  });

  it('are between 1 and 1,024, and one where the order across streams is kept', async () => {
    const one = await process(new InMemoryDatabase());
    await one.settled();
    for (const partitions of [0, 1_025, 1.5])
      await expect(one.rebuild('order-trail', 'ada', { partitions })).rejects.toMatchObject({ code: 'configuration' });
    expect(await one.rebuild('order-trail', 'ada', { partitions: 8 })).toMatchObject({
      partitions: 8,
      slicing: 'stream',
    });
  });
});
