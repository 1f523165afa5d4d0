import {
  InMemoryDatabase,
  isConfigurationError,
  isNotFound,
  isRebuildRunning,
  type StoreConnection,
} from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { writes } from '../definition/writes.js';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, place, started } from '../fixtures/engines.fixture.js';
import {
  AuditNoted,
  CustomerCard,
  CustomerRenamed,
  DailyTotal,
  DailyTotalProjection,
  OrderShipped,
  OrderView,
  OrderViewProjection,
} from '../fixtures/shop.fixture.js';
import { append, documents, engine, fact, fast, memory } from '../fixtures/store.fixture.js';
import { isReadModelNotReady } from '../reading/read-model-not-ready.error.js';
import { isNotSettled } from './not-settled.error.js';

endEnginesAfterEach();

describe('ProjectionEngine', () => {
  it('builds what was there before its start, and goes on with what comes', async () => {
    const store = await memory();
    for (let n = 0; n < 50; n += 1) await place(store, `${n}`);
    const one = await started(store, [OrderViewProjection, DailyTotalProjection]);
    await one.settled();
    const orders = one.readModel(OrderView);
    expect(await orders.count({ where: { customerId: 'ada' } })).toBe(50);
    await append(store, 'order-7', fact(OrderShipped, { orderId: '7' }));
    await append(store, 'customer-ada', fact(CustomerRenamed, { customerId: 'ada', name: 'Ada' }));
    await one.settled();
    expect(await orders.findById('7')).toMatchObject({ status: 'shipped', customerName: 'Ada' });
    expect(await orders.findOne({ where: { status: 'shipped' }, sort: { total: 1 } })).toMatchObject({ _id: '7' });
    expect(await orders.find({ sort: { _id: 1 }, skip: 48, limit: 5 })).toHaveLength(2);
    expect(await one.readModel(DailyTotal).findById('all')).toMatchObject({ orders: 50, shipped: 1 });
    expect(await orders.collectionName()).toContain('order_view');
  });

  it('says how its projections stand', async () => {
    const store = await memory();
    await place(store, '1');
    const one = await started(store, [OrderViewProjection]);
    await one.settled();
    expect(await one.statuses()).toEqual([
      {
        name: 'order-view',
        version: 1,
        state: 'live',
        generation: 1,
        lagEvents: 0,
        lagSeconds: 0,
        rate: expect.any(Number),
        parked: 0,
        partitions: [
          {
            partition: 0,
            owner: (await one.nodes())[0]?.id,
            host: 'test',
            lagEvents: 0,
            lagSeconds: 0,
            parked: 0,
          },
        ],
      },
    ]);
    expect(one.readiness()).toEqual({ ready: true, reasons: [] });
    await expect(one.status('nope')).rejects.toSatisfy(isNotFound);
  });

  it('is not ready, and reads throw, until the first build is live [D-2, S-5]', async () => {
    const store = await memory();
    const reader = await started(store, [OrderViewProjection], {
      node: { id: 'reader', host: '', pid: 1, build: '', roles: ['queries'], commands: [] },
    });
    expect(reader.readiness()).toEqual({
      ready: false,
      reasons: ["projection 'order-view' is being built for the first time"],
    });
    await expect(reader.readModel(OrderView).findById('1')).rejects.toSatisfy(isReadModelNotReady);
    await place(store, '1');
    await started(store, [OrderViewProjection]);
    await vi.waitFor(() => expect(reader.readiness().ready).toBe(true), 10_000);
    await reader.settled();
    expect(await reader.readModel(OrderView).findById('1')).toBeDefined();
  });

  it('reports everything that is wrong, at its start and at once [S-1]', async () => {
    @Projection('order-view', { version: 1, readModels: [OrderView] })
    class Twin {
      @On(OrderShipped) shipped(e: OrderShipped) {
        return writes(OrderView).patch(e.orderId, { status: 'shipped' });
      }
    }
    const one = engine(await memory(), [OrderViewProjection, Twin]);
    const failure: unknown = await one.start().catch((error: unknown) => error);
    expect(isConfigurationError(failure) && failure.details['problems']).toEqual([
      expect.stringContaining("both named 'order-view'"),
      expect.stringContaining("'order_view' belongs to OrderViewProjection and to Twin"),
    ]);
  });

  it('lets another process take over what a stopped one did, at once', async () => {
    const database = new InMemoryDatabase();
    const [first, second] = [await memory(database), await memory(database)];
    const one = await started(first, [DailyTotalProjection]);
    await place(first, '1');
    await one.settled();
    const two = await started(second, [DailyTotalProjection]);
    await one.stop();
    await place(second, '2');
    await two.settled();
    expect(await two.readModel(DailyTotal).findById('all')).toMatchObject({ orders: 2 });
  });

  it('rebuilds beside the live documents, swaps, and drops the former ones after their grace', async () => {
    const store = await memory();
    for (let n = 0; n < 20; n += 1) await place(store, `${n}`);
    const one = await started(store, [OrderViewProjection]);
    await one.settled();
    const before = await one.readModel(OrderView).collectionName();
    const old = await documents(store, before);
    const { id } = await one.rebuild('order-view', 'admin');
    await expect(one.rebuild('order-view', 'admin')).rejects.toSatisfy(isRebuildRunning);
    await vi.waitFor(async () => expect((await one.rebuildStatus(id))?.state).toBe('done'), { timeout: 5_000 });
    expect(await one.rebuildStatus(id)).toMatchObject({
      endedAt: expect.any(Date) as Date,
      id: 'order-view.1.2',
      projection: 'order-view',
      processed: 20,
      total: 20,
      startedBy: 'admin',
    });
    const after = await one.readModel(OrderView).collectionName();
    expect(after).not.toBe(before);
    expect(await documents(store, after)).toEqual(old);
    // Readable for the whole grace: a reader may still hold its name.
    expect((await documents(store, before)).size).toBe(20);
    await vi.waitFor(async () => expect((await documents(store, before)).size).toBe(0), { timeout: 5_000 });
    expect((await store.generations.entry('order-view', 1))?.previous).toBeUndefined();
    expect(await one.status('order-view')).toMatchObject({ generation: 2, state: 'live' });
  });

  it('that is to halt stops loudly at an event that cannot be applied; what stands before it is applied, others go on, and a restart tries again [X-6, S-5]', async () => {
    let broken = true;
    const view = writes(CustomerCard);
    @Projection('cards', { version: 1, readModels: [CustomerCard], onPoison: 'halt' })
    class Cards {
      @On(CustomerRenamed) renamed(e: CustomerRenamed) {
        if (broken && e.name === 'bad') throw new RangeError('cannot do that');
        return view.reduce(e.customerId, () => ({ name: e.name }));
      }
    }
    const store = await memory();
    const rename = (id: string, name: string): Promise<void> =>
      append(store, `customer-${id}`, fact(CustomerRenamed, { customerId: id, name }));
    const one = await started(store, [Cards, DailyTotalProjection]);
    await one.settled();
    await rename('1', 'good');
    await rename('2', 'bad');
    await rename('3', 'good');
    await place(store, '1');
    const error = {
      code: 'projection.failed',
      event: 'customer-2:1',
      message: expect.stringContaining('cannot do that') as string,
    };
    await vi.waitFor(
      async () => expect(await one.status('cards')).toMatchObject({ state: 'stopped', error, lagEvents: 3 }),
      { timeout: 5_000 },
    );
    expect([...(await documents(store, await one.readModel(CustomerCard).collectionName())).keys()]).toEqual(['1']);
    await vi.waitFor(
      async () => expect(await one.readModel(DailyTotal).findById('all')).toMatchObject({ orders: 1 }),
      10_000,
    );
    await vi.waitFor(
      () => expect(one.readiness().reasons).toEqual([expect.stringContaining("'cards' stopped")]),
      10_000,
    );
    // What stopped it has nothing to do with its build, which was done.
    const build = await one.rebuildStatus('cards.1.1');
    expect([build?.state, build?.error]).toEqual(['done', undefined]);
    await expect(one.settled({ timeoutMs: 500 })).rejects.toSatisfy(
      (failure) => isNotSettled(failure) && failure.laggards.length === 1,
    );
    await one.stop();
    broken = false;
    const again = await started(store, [Cards, DailyTotalProjection]);
    await again.settled();
    expect(await again.readModel(CustomerCard).count()).toBe(3);
    expect((await again.status('cards')).error).toBeUndefined();
  });

  it('replaces a stopped projection by a rebuild', async () => {
    let broken = true;
    @Projection('cards', { version: 1, readModels: [CustomerCard], onPoison: 'halt' })
    class Cards {
      @On(CustomerRenamed) renamed(e: CustomerRenamed) {
        if (broken) throw new Error('not yet');
        return writes(CustomerCard).insert(e.customerId, { name: e.name });
      }
    }
    const store = await memory();
    await append(store, 'customer-1', fact(CustomerRenamed, { customerId: '1', name: 'a' }));
    const one = await started(store, [Cards]);
    await vi.waitFor(async () => expect(await one.status('cards')).toMatchObject({ state: 'stopped', generation: 1 }), {
      timeout: 5_000,
    });
    const { error } = await one.status('cards');
    expect(await one.rebuildStatus('cards.1.1')).toMatchObject({ state: 'failed', error, endedAt: error?.at });
    broken = false;
    expect(await one.rebuild('cards', 'admin')).toMatchObject({ number: 2 });
    await vi.waitFor(async () => expect(await one.status('cards')).toMatchObject({ state: 'live', generation: 2 }), {
      timeout: 5_000,
    });
  });

  it('cancels a rebuild and drops what it had stored [B-6]', async () => {
    let gate: (() => void) | undefined;
    const open = (): void => gate?.();
    let seconds = 1_000;
    const store = await memory(new InMemoryDatabase(() => seconds * 1_000), { horizonSeconds: 1 });
    for (let n = 0; n < 20; n += 1) await place(store, `${n}`);
    seconds += 10;
    // A history that does not go on: the build cannot end before it is cancelled.
    const slow: StoreConnection = {
      ...store,
      feed: slowHistory(store, () => new Promise<void>((resolve) => (gate = resolve))),
    };
    const one = await started(slow, [OrderViewProjection], { settings: { ...fast, historyEvents: 5 } });
    await vi.waitFor(() => expect(gate).toBeDefined(), 10_000);
    open();
    await one.settled();
    gate = undefined;
    const { id, collections } = await one.rebuild('order-view', 'admin');
    await vi.waitFor(() => expect(gate).toBeDefined(), 10_000);
    expect(await one.cancelRebuild(id)).toBe(true);
    open();
    await vi.waitFor(async () => expect((await one.rebuildStatus(id))?.state).toBe('cancelled'), { timeout: 5_000 });
    expect((await documents(store, collections['order_view'] ?? '')).size).toBe(0);
    // Without a report before its end it had read the first batch only.
    expect(await one.rebuildStatus(id)).toMatchObject({ processed: 20, endedAt: expect.any(Date) as Date });
    expect(await one.cancelRebuild(id)).toBe(false);
    expect(await one.status('order-view')).toMatchObject({ state: 'live', generation: 1 });
  });

  it('moves past events of others without keeping anybody waiting', async () => {
    const store = await memory();
    const one = await started(store, [OrderViewProjection]);
    for (let n = 0; n < 30; n += 1) await append(store, `audit-${n}`, fact(AuditNoted, { text: '' }));
    await one.settled();
    expect(await one.status('order-view')).toMatchObject({ lagEvents: 0, lagSeconds: 0 });
  });
});

function slowHistory({ feed }: StoreConnection, pause: () => Promise<void>): StoreConnection['feed'] {
  return altered(feed, {
    async *history(range) {
      for await (const commits of feed.history(range)) for (const commit of commits) yield [commit];
      await pause();
    },
  });
}
