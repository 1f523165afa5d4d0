import { InMemoryDatabase, type FeedSubscription, type GenerationRegistry, type StoreConnection } from '@nestfold/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import { DailyTotal, DailyTotalProjection, OrderPlaced } from '../fixtures/shop.fixture.js';
import { append, engine, fact, memory } from '../fixtures/store.fixture.js';
import { discard } from './discard.js';

const running: ProjectionEngine[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

async function started(store: StoreConnection): Promise<ProjectionEngine> {
  const one = engine(store, [DailyTotalProjection]);
  running.push(one);
  await one.start();
  return one;
}

const place = (store: StoreConnection, id: string): Promise<void> =>
  append(store, `order-${id}`, fact(OrderPlaced, { orderId: id, customerId: 'c', total: 1 }));
const ordersOf = async (one: ProjectionEngine): Promise<number | undefined> =>
  (await one.readModel(DailyTotal).findById('all'))?.orders;

/** A registry some of whose methods do something else. */
function registry(store: StoreConnection, changes: Partial<GenerationRegistry>): StoreConnection {
  const { generations } = store;
  const get = (target: GenerationRegistry, key: string | symbol): unknown => {
    const own: unknown = Reflect.get(changes, key);
    const member: unknown = own ?? Reflect.get(target, key);
    return typeof member === 'function' && own === undefined ? member.bind(target) : member;
  };
  return { ...store, generations: new Proxy(generations, { get }) };
}

/*
 * Protections, each taken away once to see this fail: the swap's look at `cancelRequested`; the discard's look at the registry after `end`;
 * the fresh look at the generation's state before a build is begun again.
 */
describe('the live generation', () => {
  it('keeps its documents when the cancel of a rebuild meets the swap', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    for (const id of ['1', '2', '3']) await place(store, id);
    let asked: boolean | undefined;
    const swap: GenerationRegistry['swap'] = async (request) => {
      // The operator is a moment faster than the swap, and the runner has not heard of it.
      if (request.generation.number === 2) asked ??= await store.generations.requestCancel(request.generation.id);
      return store.generations.swap(request);
    };
    const one = await started(registry(store, { swap }));
    await one.settled();
    const { id } = await one.rebuild('daily-total', 'test');
    await vi.waitFor(async () => expect((await store.generations.entry('daily-total', 1))?.building).toBeUndefined(), {
      timeout: 5_000,
    });
    expect(asked).toBe(true);
    expect(await one.rebuildStatus(id)).toMatchObject({ state: 'cancelled' });
    expect(await store.generations.entry('daily-total', 1)).toMatchObject({ live: 1 });
    await one.stop();
    const two = await started(store);
    await place(store, '4');
    await two.settled();
    expect(await ordersOf(two)).toBe(4);
  });

  it('keeps its documents and stops when a commit of its history comes too late', async () => {
    const store = await memory();
    await place(store, '1');
    let armed = false;
    const late = (subscription: FeedSubscription): FeedSubscription => ({
      close: () => subscription.close(),
      next: async (options) => {
        const batch = await subscription.next(options);
        if (!armed || batch.commits.length === 0) return batch;
        armed = false;
        return {
          ...batch,
          commits: batch.commits.map((one) => ({
            ...one,
            visibleAt: 'ffffffffffffffff',
            commit: { ...one.commit, time: '0000000000000001' },
          })),
        };
      },
    });
    const subscribe: StoreConnection['feed']['subscribe'] = (start) => late(store.feed.subscribe(start));
    const feed = new Proxy(store.feed, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        return key === 'subscribe'
          ? subscribe
          : typeof member === 'function'
            ? (member.bind(target) as unknown)
            : member;
      },
    });
    const one = await started({ ...store, feed });
    await one.settled();
    armed = true;
    await place(store, '2');
    await vi.waitFor(async () =>
      expect(await one.status('daily-total')).toMatchObject({
        state: 'stopped',
        generation: 1,
        error: { code: 'feed.late-commit' },
      }),
    );
    expect(await ordersOf(one)).toBe(1);
  });

  it('is not dropped by whoever takes it for a build or for a former one', async () => {
    const store = await memory();
    await place(store, '1');
    const one = await started(store);
    await one.settled();
    const live = await store.generations.generation('daily-total.1.1');
    const { context } = one as unknown as { context: Parameters<typeof discard>[0] };
    await discard(context, live!, 'somebody', () => store.generations.cancel(live!.id));
    expect(await ordersOf(one)).toBe(1);
    expect((await store.checkpoints.find('daily-total.1.1/0'))?.position?.phase).toBe('live');
    await place(store, '2');
    await one.settled();
    expect(await ordersOf(one)).toBe(2);
  });
});
