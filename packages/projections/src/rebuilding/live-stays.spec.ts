import { InMemoryDatabase, type GenerationRegistry } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { writes } from '../definition/writes.js';
import { altered, lateOnce } from '../fixtures/altered-store.fixture.js';
import { contextOf, endEnginesAfterEach, ordersOf, place, started } from '../fixtures/engines.fixture.js';
import { CustomerCard, CustomerRenamed, DailyTotalProjection } from '../fixtures/shop.fixture.js';
import { append, fact, memory } from '../fixtures/store.fixture.js';
import { discard } from './discard.js';

endEnginesAfterEach();

/*
 * Protections, each taken away once to see this fail: the swap's look at `cancelRequested`; the discard's look at the registry after `end`;
 * the fresh look at the generation's state before a build is begun again.
 */
describe('the live generation', () => {
  it('keeps its documents when the cancel of a rebuild meets the swap [B-6]', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    for (const id of ['1', '2', '3']) await place(store, id);
    let asked: boolean | undefined;
    const swap: GenerationRegistry['swap'] = async (request) => {
      // The operator is a moment faster than the swap, and the runner has not heard of it.
      if (request.generation.number === 2) asked ??= await store.generations.requestCancel(request.generation.id);
      return store.generations.swap(request);
    };
    const one = await started({ ...store, generations: altered(store.generations, { swap }) }, [DailyTotalProjection]);
    await one.settled();
    const { id } = await one.rebuild('daily-total', 'test');
    await vi.waitFor(async () => expect((await store.generations.entry('daily-total', 1))?.building).toBeUndefined(), {
      timeout: 5_000,
    });
    expect(asked).toBe(true);
    expect(await one.rebuildStatus(id)).toMatchObject({ state: 'cancelled' });
    expect(await store.generations.entry('daily-total', 1)).toMatchObject({ live: 1 });
    await one.stop();
    const two = await started(store, [DailyTotalProjection]);
    await place(store, '4');
    await two.settled();
    expect(await ordersOf(two)).toBe(4);
  });

  it('keeps its documents and stops when a commit of its history comes too late [F-2]', async () => {
    const store = await memory();
    await place(store, '1');
    let armed = false;
    const feed = lateOnce(store.feed, () => armed);
    const one = await started({ ...store, feed }, [DailyTotalProjection]);
    await one.settled();
    armed = true;
    await place(store, '2');
    await vi.waitFor(
      async () =>
        expect(await one.status('daily-total')).toMatchObject({
          state: 'stopped',
          generation: 1,
          error: { code: 'feed.late-commit' },
        }),
      10_000,
    );
    expect(await ordersOf(one)).toBe(1);
  });

  it('is not stopped by a former owner, whom an event had stopped', async () => {
    // With a failure that asked for no token, the projection stood still for all who could have got past that event.
    let broken = true;
    @Projection('cards', { version: 1, readModels: [CustomerCard], onPoison: 'halt' })
    class Cards {
      @On(CustomerRenamed) renamed(e: CustomerRenamed) {
        if (broken) throw new Error('an older build');
        return writes(CustomerCard).insert(e.customerId, { name: e.name });
      }
    }
    const store = await memory();
    await append(store, 'customer-1', fact(CustomerRenamed, { customerId: '1', name: 'Ada' }));
    const answers: boolean[] = [];
    const fail: GenerationRegistry['fail'] = async (id, failure, held) => {
      // Somebody else takes over while this one sleeps.
      const lease = await store.leases.acquire(held.key, { owner: 'another', ttlMs: 1, force: true });
      await store.checkpoints.claim(held.key, lease!.token);
      broken = false;
      const answer = await store.generations.fail(id, failure, held);
      answers.push(answer);
      return answer;
    };
    const one = await started({ ...store, generations: altered(store.generations, { fail }) }, [Cards]);
    await one.settled();
    expect(answers).toEqual([false]);
    expect(await one.status('cards')).toMatchObject({ state: 'live' });
    expect(await one.readModel(CustomerCard).count()).toBe(1);
  });

  it('is not dropped by whoever takes it for a build or for a former one', async () => {
    const store = await memory();
    await place(store, '1');
    const one = await started(store, [DailyTotalProjection]);
    await one.settled();
    const live = await store.generations.generation('daily-total.1.1');
    await discard(contextOf(store), live!, 'somebody', () => store.generations.cancel(live!.id));
    expect(await ordersOf(one)).toBe(1);
    expect((await store.checkpoints.find('daily-total.1.1/0'))?.position?.phase).toBe('live');
    await place(store, '2');
    await one.settled();
    expect(await ordersOf(one)).toBe(2);
  });
});
