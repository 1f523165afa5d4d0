import {
  InMemoryDatabase,
  storeTime,
  systemEnvironment,
  type CheckpointStore,
  type Environment,
  type StoreConnection,
  type StreamName,
} from '@nestfold/core';
import { Stopwatch } from '@nestfold/dev-stack';
import { afterEach, describe, expect, it } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { OrderTrailProjection } from '../fixtures/one-stream.fixture.js';
import {
  AuditNoted,
  DailyTotalProjection,
  OrderPlaced,
  OrderView,
  OrderViewProjection,
} from '../fixtures/shop.fixture.js';
import { fact, fast, memory } from '../fixtures/store.fixture.js';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import { readingClients } from './reading-clients.fixture.js';
import type { WaitTarget } from './wait-for.js';

endEnginesAfterEach();
let release = (): void => {};
afterEach(() => release());

const both = [DailyTotalProjection, OrderViewProjection];

/** Appends to an order; answers what its receipt says. */
async function ordered(store: StoreConnection, id: string, ...facts: Parameters<typeof fact>[]): Promise<WaitTarget> {
  const events =
    facts.length === 0
      ? [fact(OrderPlaced, { orderId: id, customerId: 'ada', total: 1 })]
      : facts.map((one) => fact(...one));
  const stream: StreamName = `order-${id}`;
  const [receipt] = await store.events.append([
    {
      stream,
      expected: 'any',
      events,
      commitId: systemEnvironment.uuid(),
      metadata: { correlationId: 't', causationId: 't' },
    },
  ]);
  return { stream, version: receipt!.version, position: receipt!.time };
}

/** A store that counts how often watermarks are asked for, and whose batches wait until they may. */
function watched(store: StoreConnection) {
  let asked = 0;
  let gate: Promise<void> | undefined;
  const watermarks: CheckpointStore['watermarks'] = (...args) => {
    asked += 1;
    return store.checkpoints.watermarks(...args);
  };
  const openWriter: CheckpointStore['openWriter'] = async (key) => {
    const writer = await store.checkpoints.openWriter(key);
    return altered(writer, { write: async (batch, work) => (await gate, writer.write(batch, work)) });
  };
  return {
    store: { ...store, checkpoints: altered(store.checkpoints, { watermarks, openWriter }) },
    asked: () => asked,
    hold: () => {
      gate = new Promise((resolve) => (release = resolve));
    },
  };
}

async function settledEngine(...args: Parameters<typeof started>): Promise<ProjectionEngine> {
  const one = await started(...args);
  await one.settled();
  return one;
}

describe('waitFor', () => {
  it('ends when the commit is applied, and a read sees it then [V-1]', async () => {
    const store = await memory();
    const one = await settledEngine(store, both);
    for (let id = 0; id < 20; id += 1) {
      const target = await ordered(store, `${id}`);
      expect(await one.waitFor('order-view', target)).toEqual({ applied: true });
      expect(await one.readModel(OrderView).findById(`${id}`)).toMatchObject({ status: 'placed' });
    }
  });

  // The line in PartitionRunner.afterBatch that tells is what this looks at.
  it('is told directly in the process that applies: the store is asked once, not polled', async () => {
    const { store, asked, hold } = watched(await memory());
    // The look that is made in case the partition has gone to another process never comes: on a busy machine it might come first.
    let isArmed = false;
    const sleep: Environment['sleep'] = (milliseconds, signal) =>
      systemEnvironment.sleep(
        isArmed && signal && milliseconds >= 125 && milliseconds <= 250 ? 60_000 : milliseconds,
        signal,
      );
    const one = await settledEngine(store, both, { environment: { ...systemEnvironment, sleep } });
    await expect.poll(() => one.readiness().ready).toBe(true);
    hold();
    isArmed = true;
    const before = asked();
    const waiting = one.waitFor('order-view', await ordered(store, '1'), { timeoutMs: 10_000 });
    await expect.poll(() => asked() - before, { timeout: 5_000 }).toBe(1);
    release();
    expect(await waiting).toEqual({ applied: true });
    expect(asked() - before).toBe(1);
    isArmed = false;
  });

  // With a pause that stays the same, those who waited behind a late database asked it the more often the later it was, and made it later.
  it('asks the more seldom the longer it waits, where this process applies', async () => {
    const { store, hold } = watched(await memory());
    const pauses: number[] = [];
    const sleep: Environment['sleep'] = (milliseconds, signal) => {
      const isPause = pauses.length > 0 && signal !== undefined && milliseconds >= 125 && milliseconds <= 2_000;
      if (isPause) pauses.push(milliseconds);
      return systemEnvironment.sleep(isPause ? 5 : milliseconds, signal);
    };
    const environment = { ...systemEnvironment, sleep, random: () => 1 };
    const one = await settledEngine(store, [OrderViewProjection], { environment });
    hold();
    const target = await ordered(store, '1');
    pauses.push(0);
    const waiting = one.waitFor('order-view', target, { timeoutMs: 10_000 });
    await expect.poll(() => pauses.slice(0, 6), { timeout: 5_000 }).toEqual([0, 250, 500, 1_000, 2_000, 2_000]);
    release();
    expect(await waiting).toEqual({ applied: true });
  });

  it('polls the watermark from a process that applies nothing', async () => {
    const database = new InMemoryDatabase();
    await settledEngine(await memory(database), both);
    const elsewhere = await started(await memory(database), both, {
      node: { id: 'reader', host: 'test', pid: 1, build: 'test', roles: [], commands: [] },
    });
    const store = await memory(database);
    for (let id = 0; id < 10; id += 1) {
      expect(await elsewhere.waitFor('order-view', await ordered(store, `${id}`))).toEqual({ applied: true });
      expect(await elsewhere.readModel(OrderView).findById(`${id}`)).toBeDefined();
    }
  });

  it('is over at once for a commit without a subscribed event, also while nothing moves [V-4]', async () => {
    const { store, hold } = watched(await memory());
    const one = await settledEngine(store, [OrderViewProjection]);
    hold();
    const target = await ordered(store, '1', [AuditNoted, { note: 'x' }]);
    expect(await one.waitFor('order-view', target, { timeoutMs: 5_000 })).toEqual({ applied: true });
    expect(await one.waitFor('order-view', { ...target, types: ['audit.noted'] })).toEqual({ applied: true });
    expect(await one.waitFor('order-view', { ...target, version: 0 })).toEqual({ applied: true });
  });

  it('is bounded', async () => {
    const { store, hold } = watched(await memory());
    const one = await settledEngine(store, both);
    hold();
    const watch = Stopwatch.start();
    expect(await one.waitFor('order-view', await ordered(store, '1'), { timeoutMs: 50 })).toMatchObject({
      applied: false,
      reason: 'timeout',
    });
    expect(watch.stop()).toBeLessThan(1_000);
  });

  it('is bounded where the store does not answer at all [V-2]', async () => {
    const inner = await memory();
    const { store, hold } = watched({
      ...inner,
      events: altered(inner.events, { read: () => new Promise(() => undefined) }),
    });
    const one = await settledEngine(store, both);
    hold();
    const target = await ordered(inner, '1');
    expect(await one.waitFor('order-view', target, { timeoutMs: 30 })).toMatchObject({ reason: 'timeout' });
    // Told by this process, it need not be asked: behind many reads an answer took a second, and the event was there after a tenth of that.
    const waiting = one.waitFor('order-view', target, { timeoutMs: 10_000 });
    release();
    expect(await waiting).toEqual({ applied: true });
  });

  it('answers at once for a stream that is parked, and for the versions before it that they are applied [V-3]', async () => {
    const store = await memory();
    const one = await settledEngine(store, [OrderViewProjection], { settings: { ...fast, attempts: 1 } });
    const first = await ordered(store, '1');
    // The same order placed again: insert refuses the document that exists.
    const poison = await ordered(store, '1');
    await expect.poll(async () => (await one.status('order-view')).parked, { timeout: 5_000 }).toBe(1);
    const watch = Stopwatch.start();
    expect(await one.waitFor('order-view', poison, { timeoutMs: 10_000 })).toMatchObject({
      applied: false,
      reason: 'parked',
    });
    expect(await one.waitFor('order-view', first, { timeoutMs: 10_000 })).toEqual({ applied: true });
    expect(watch.stop()).toBeLessThan(2_000);
  });

  it('answers at once where an event stopped the projection, and where this process has none of that name [V-3]', async () => {
    const store = await memory();
    const one = await settledEngine(store, both, { settings: { ...fast, attempts: 1, quarantineStreams: 0 } });
    await ordered(store, '1');
    const target = await ordered(store, '1');
    expect(await one.waitFor('order-view', target, { timeoutMs: 10_000 })).toMatchObject({
      applied: false,
      reason: 'stopped',
    });
    expect(await one.waitFor('nothing', target)).toMatchObject({ applied: false, reason: 'unknown' });
  });

  // Told by what halts the projection alone, a command that was repeated under its key seemed not to be applied.
  it('is over at once for what was applied before the projection was halted [V-3]', async () => {
    const store = await memory();
    const settings = { ...fast, attempts: 1, quarantineStreams: 0 };
    const one = await settledEngine(store, both, { settings });
    const target = await ordered(store, '1');
    for (const name of ['order-view', 'daily-total'])
      expect(await one.waitFor(name, target)).toEqual({ applied: true });
    await one.pause('daily-total', 'ada');
    await expect.poll(() => store.leases.findAll(['daily-total.1.1/0'])).toEqual([]);
    expect(await one.waitFor('daily-total', target, { timeoutMs: 10_000 })).toEqual({ applied: true });
    const poison = await ordered(store, '1');
    expect(await one.waitFor('order-view', poison, { timeoutMs: 10_000 })).toMatchObject({ reason: 'stopped' });
    expect(await one.waitFor('order-view', target, { timeoutMs: 10_000 })).toEqual({ applied: true });
    expect(await one.waitFor('daily-total', poison, { timeoutMs: 10_000 })).toMatchObject({ reason: 'paused' });
  });

  // The wake in ProjectionSupervisor.look is what this looks at: the next look by itself comes later.
  it('ends when the projection is paused meanwhile [V-3]', async () => {
    const { store, hold } = watched(await memory());
    const one = await settledEngine(store, both);
    hold();
    const waiting = one.waitFor('order-view', await ordered(store, '1'), { timeoutMs: 60_000 });
    await one.pause('order-view', 'ada');
    expect(await waiting).toMatchObject({ applied: false, reason: 'paused' });
    release();
  });

  it('ends with the process', async () => {
    const { store, hold } = watched(await memory());
    const one = await settledEngine(store, both);
    hold();
    const waiting = one.waitFor('order-view', await ordered(store, '1'), { timeoutMs: 60_000 });
    const stopped = one.stop();
    expect(await waiting).toMatchObject({ applied: false, reason: 'stopped' });
    release();
    await stopped;
  });

  // Compared by time instead of by watermark, 'late' would count as applied as soon as 'early' is: its own time lies before.
  it('is sound where a commit becomes visible after later ones', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    const one = await settledEngine(store, both);
    let show = (): void => {};
    database.holdOpen = (streams) =>
      streams.includes('order-late') ? new Promise<void>((resolve) => (show = resolve)) : undefined;
    const late = ordered(store, 'late');
    await expect.poll(() => database.openAppends.size).toBe(1);
    const early = await ordered(store, 'early');
    expect(await one.waitFor('order-view', early)).toEqual({ applied: true });
    const guess: WaitTarget = { ...early, stream: 'order-late', types: ['order.placed'] };
    expect(await one.waitFor('order-view', guess, { timeoutMs: 50 })).toMatchObject({ reason: 'timeout' });
    show();
    expect(await one.waitFor('order-view', await late)).toEqual({ applied: true });
    expect(await one.readModel(OrderView).findById('late')).toBeDefined();
  });

  it('takes the time of a commit from the store, where a receipt knows less', async () => {
    const { store, hold } = watched(await memory());
    const one = await settledEngine(store, both);
    hold();
    const target = await ordered(store, '1');
    // As the receipt of a decision that changed nothing, made from a snapshot.
    const unchanged = { ...target, position: storeTime(0, 0) };
    expect(await one.waitFor('order-view', unchanged, { timeoutMs: 50 })).toMatchObject({ reason: 'timeout' });
  });
});

describe('waitFor across swaps', () => {
  it('never goes backwards: each commit that was waited for is read, whatever number of partitions is live', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    const engines = [
      await settledEngine(store, [OrderTrailProjection], { settings: { ...fast, partitions: 2 } }),
      await settledEngine(await memory(database), [OrderTrailProjection], { settings: { ...fast, partitions: 2 } }),
    ] as const;
    const clients = readingClients(store, engines, 4);
    for (const partitions of [3, 1, 4]) {
      const { id } = await engines[0].rebuild('order-trail', 'test', { partitions });
      await expect.poll(async () => (await engines[1].rebuildStatus(id))?.state, { timeout: 20_000 }).toBe('done');
    }
    await engines[0].rollback('order-trail', 'test');
    await systemEnvironment.sleep(50);
    const { violations, waits } = await clients.stop();
    expect(violations).toEqual([]);
    expect(waits.length).toBeGreaterThan(20);
  }, 60_000);
});
