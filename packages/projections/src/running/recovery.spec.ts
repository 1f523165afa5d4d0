import { InMemoryDatabase, StoreUnavailable, type ChangeFeed, type StoreConnection } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { writes } from '../definition/writes.js';
import { altered, lateOnce, writingThrough } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, ordersOf, place, started } from '../fixtures/engines.fixture.js';
import { CustomerCard, CustomerRenamed, DailyTotalProjection } from '../fixtures/shop.fixture.js';
import { append, documents, fact, fast, memory } from '../fixtures/store.fixture.js';

endEnginesAfterEach();

describe('a running projection', () => {
  it('applies a batch once whose answer was lost, and one whose transaction failed [P-1, P-5]', async () => {
    // Two protections, and each is enough: a batch is repeated under its own id, and one under another id is superseded.
    const store = await memory();
    let n = 0;
    const flaky = writingThrough(store, async (writer, batch, work) => {
      n += 1;
      if (n % 3 === 0) throw new StoreUnavailable('It did not get through.');
      const outcome = await writer.write(batch, work);
      if (n % 3 === 1) throw new StoreUnavailable('The answer was lost.');
      return outcome;
    });
    const one = await started(flaky, [DailyTotalProjection]);
    for (let order = 0; order < 30; order += 1) {
      await place(store, `${order}`);
      if (order % 10 === 9) await one.settled();
    }
    expect(n).toBeGreaterThan(6);
    expect(await ordersOf(one)).toBe(30);
  });

  it('goes on from what is stored when another batch of its own token stands there', async () => {
    const store = await memory();
    let armed = false;
    const disturbed = writingThrough(store, async (writer, batch, work) => {
      if (armed && batch.watermarks !== undefined) {
        armed = false;
        // As if another batch of the same token stood there, of which nobody knows: it holds nothing of this one.
        const { watermarks: _none, ...rest } = batch;
        const before = (await store.checkpoints.find(batch.key))?.position;
        await writer.write({ ...rest, ...(before && { position: before }), id: 'another' }, () => Promise.resolve());
      }
      return writer.write(batch, work);
    });
    const one = await started(disturbed, [DailyTotalProjection]);
    await place(store, '1');
    await one.settled();
    armed = true;
    await place(store, '2');
    await place(store, '3');
    await one.settled();
    expect(armed).toBe(false);
    expect(await ordersOf(one)).toBe(3);
  });

  it('changes nothing when another process has taken over while it slept [P-3]', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    let sleeping: (() => void) | undefined;
    const dozing = writingThrough(store, async (writer, batch, work) => {
      if (batch.watermarks !== undefined && sleeping === undefined)
        await new Promise<void>((resolve) => (sleeping = resolve));
      return writer.write(batch, work);
    });
    // It renews nothing either: its leases are answered as lost.
    const renew: StoreConnection['leases']['renew'] = (lease, ttlMs) =>
      sleeping === undefined ? store.leases.renew(lease, ttlMs) : Promise.resolve(undefined);
    const one = await started({ ...dozing, leases: altered(store.leases, { renew }) }, [DailyTotalProjection], {
      settings: { ...fast, leaseMs: 1_000 },
    });
    await one.settled();
    await place(store, '1');
    await vi.waitFor(() => expect(sleeping).toBeDefined(), 10_000);
    const two = await started(await memory(database), [DailyTotalProjection], { settings: fast });
    await two.settled();
    sleeping?.();
    await place(store, '2');
    await two.settled();
    expect(await ordersOf(two)).toBe(2);
  });

  it('catches up by itself when the feed has lost its place, and applies nothing twice [F-5]', async () => {
    let seconds = Math.floor(Date.now() / 1_000);
    const database = new InMemoryDatabase(() => seconds * 1_000);
    const store = await memory(database, { horizonSeconds: 1 });
    for (let order = 0; order < 10; order += 1) await place(store, `early-${order}`);
    seconds += 10;
    const one = await started(store, [DailyTotalProjection]);
    await one.settled();
    for (let order = 0; order < 20; order += 1) await place(store, `live-${order}`);
    await one.settled();
    await one.stop();
    seconds += 10;
    for (let order = 0; order < 5; order += 1) await place(store, `away-${order}`);
    seconds += 10;
    database.loseHistory();
    const two = await started(store, [DailyTotalProjection]);
    await two.settled();
    expect(await ordersOf(two)).toBe(35);
    await place(store, 'last');
    await two.settled();
    expect(await ordersOf(two)).toBe(36);
  });

  // Only batches end trouble at once: what begins again and reads nothing may stand before what it fails at.
  it('is well again when it has failed at reading and nothing comes any more [S-5]', async () => {
    const store = await memory();
    let isAway = false;
    const subscribe: ChangeFeed['subscribe'] = (start) => {
      const subscription = store.feed.subscribe(start);
      const next: typeof subscription.next = (options) =>
        isAway ? Promise.reject(new StoreUnavailable('It is away.')) : subscription.next(options);
      return { next, close: () => subscription.close() };
    };
    const one = await started({ ...store, feed: altered(store.feed, { subscribe }) }, [DailyTotalProjection]);
    await one.settled();
    const errorOf = async () => (await one.status('daily-total')).error?.message;
    isAway = true;
    await expect.poll(errorOf, { timeout: 10_000 }).toBe('It is away.');
    isAway = false;
    await expect.poll(errorOf, { timeout: 10_000 }).toBeUndefined();
  });

  it('stops when the store is not the one that it had read [F-10]', async () => {
    const store = await memory();
    await place(store, '1');
    const one = await started(store, [DailyTotalProjection]);
    await one.settled();
    await one.stop();
    const restored: StoreConnection = {
      ...store,
      feed: altered(store.feed, { holds: () => Promise.resolve(false) }),
    };
    const two = await started(restored, [DailyTotalProjection]);
    await vi.waitFor(
      async () =>
        expect(await two.status('daily-total')).toMatchObject({ state: 'stopped', error: { code: 'store.restored' } }),
      10_000,
    );
  });

  it('begins a build again when its history had a hole [F-2]', async () => {
    const store = await memory();
    await place(store, '1');
    // Becomes visible while the build goes live.
    let placed: Promise<void> | undefined;
    const once = (): Promise<void> => (placed ??= place(store, '2'));
    const recent: ChangeFeed['recent'] = async function* (range) {
      await once();
      yield* store.feed.recent(range);
    };
    const late = { ...store, feed: lateOnce(altered(store.feed, { recent }), () => true) };
    const one = await started(late, [DailyTotalProjection]);
    await vi.waitFor(
      async () => expect(await one.status('daily-total')).toMatchObject({ state: 'live', generation: 2 }),
      10_000,
    );
    expect(await ordersOf(one)).toBe(2);
    const [first] = await store.generations.generations('daily-total', 1);
    expect(first?.state).toBe('cancelled');
    expect((await documents(store, first?.collections['daily_total'] ?? '')).size).toBe(0);
  });

  it('waits for a newer build at an event that it cannot read, and has applied what stands before [D-3]', async () => {
    @Projection('cards', { version: 1, readModels: [CustomerCard] })
    class Cards {
      @On(CustomerRenamed) renamed(e: CustomerRenamed) {
        return writes(CustomerCard).insert(e.customerId, { name: e.name });
      }
    }
    const store = await memory();
    const renamed = (id: string, schema: number): Promise<void> =>
      append(store, `customer-${id}`, { ...fact(CustomerRenamed, { customerId: id, name: '' }), schema });
    const one = await started(store, [Cards]);
    await one.settled();
    await renamed('1', 1);
    await renamed('2', 2);
    await vi.waitFor(
      async () => expect(await one.status('cards')).toMatchObject({ state: 'waiting', lagEvents: 1 }),
      10_000,
    );
    expect(await one.readModel(CustomerCard).count()).toBe(1);
  });

  it('finds the event whose document the store refuses, writes what stands before it, and stops there where it is to halt', async () => {
    const store = await memory();
    // Behaves as a database does that knows rules of which the fold knows nothing.
    const strict = writingThrough(store, (writer, batch, work) =>
      writer.write(batch, (models) =>
        work({
          find: (...args) => models.find(...args),
          patchWhere: (...args) => models.patchWhere(...args),
          apply: (collection, changes) =>
            changes.some(({ id }) => id === 'bad')
              ? Promise.reject(new Error('a unique index refuses this'))
              : models.apply(collection, changes),
        }),
      ),
    );
    @Projection('cards', { version: 1, readModels: [CustomerCard], onPoison: 'halt' })
    class Cards {
      @On(CustomerRenamed) renamed(e: CustomerRenamed) {
        return writes(CustomerCard).insert(e.customerId, { name: e.name });
      }
    }
    for (const id of ['1', '2', 'bad', '3'])
      await append(store, `customer-${id}`, fact(CustomerRenamed, { customerId: id, name: '' }));
    const one = await started(strict, [Cards]);
    await vi.waitFor(
      async () =>
        expect(await one.status('cards')).toMatchObject({
          state: 'stopped',
          error: {
            event: 'customer-bad:1',
            message: expect.stringContaining('a unique index refuses this') as string,
          },
        }),
      { timeout: 5_000 },
    );
    const [generation] = await store.generations.generations('cards', 1);
    expect([...(await documents(store, generation?.collections['customer_card'] ?? '')).keys()]).toEqual(['1', '2']);
  });
});
