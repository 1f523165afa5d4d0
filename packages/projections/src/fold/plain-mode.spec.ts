import { type Generation, isProjectionFailed, type StoreConnection } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { writes } from '../definition/writes.js';
import type { Write } from '../definition/write.js';
import { altered, writingThrough } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import {
  CustomerCard,
  OrderDeleted,
  OrderPlaced,
  OrderShipped,
  OrderView,
  shopEvents,
} from '../fixtures/shop.fixture.js';
import { append, engine, envelope, fact, fast, memory } from '../fixtures/store.fixture.js';
import { ProjectionFold } from './projection-fold.js';

const view = writes(OrderView);
const order = (customerId: string) => ({
  status: 'placed' as const,
  customerId,
  customerName: '',
  total: 0,
  lines: [],
});

@Projection('cache', { version: 1, readModels: [OrderView], mode: 'plain' })
class CacheProjection {
  @On(OrderPlaced) placed(e: OrderPlaced) {
    return view.insert(e.orderId, { ...order(e.customerId), total: e.total });
  }
  @On(OrderShipped) shipped(e: OrderShipped) {
    return view.patch(e.orderId, { status: 'shipped' });
  }
  @On(OrderDeleted) deleted(e: OrderDeleted) {
    return view.remove(e.orderId);
  }
}

const place = (store: StoreConnection, id: string, total = 1) =>
  append(store, `order-${id}`, fact(OrderPlaced, { orderId: id, customerId: 'ada', total }));
const ship = (store: StoreConnection, id: string) => append(store, `order-${id}`, fact(OrderShipped, { orderId: id }));
const cancel = (store: StoreConnection, id: string) =>
  append(store, `order-${id}`, fact(OrderDeleted, { orderId: id }));

async function cached(store: StoreConnection): Promise<Record<string, unknown>> {
  const [live] = (await store.generations.generations('cache', 1)).filter(({ state }) => state === 'live');
  const all: Record<string, unknown> = {};
  for await (const { _id, status, total } of store.readModels.scan((live as Generation).collections['order_view']!))
    all[_id] = `${String(status)} ${String(total)}`;
  return all;
}

const settings = { ...fast, leaseMs: 1_000 };
const never = new Promise<never>(() => undefined);

endEnginesAfterEach();

describe('a projection in plain mode', () => {
  it('repeats harmlessly what a crash between documents and checkpoint left [P-10]', async () => {
    const store = await memory();
    await place(store, 'a');
    let dies = false;
    let torn = 0;
    // It writes the documents of a batch (under a checkpoint that nobody reads), and is gone before it moves its own.
    const scratch = (await store.checkpoints.claim('scratch', 1))!;
    const other = await store.checkpoints.openWriter('scratch');
    const dying = writingThrough(
      {
        ...store,
        leases: altered(store.leases, { renew: (lease, ttlMs) => (dies ? never : store.leases.renew(lease, ttlMs)) }),
      },
      async (writer, batch, work) => {
        if (!dies || batch.plain !== true) return writer.write(batch, work);
        await other.write({ ...batch, key: 'scratch', token: 1, previous: scratch.batch }, work);
        torn += 1;
        return never;
      },
    );
    const first = engine(dying, [CacheProjection], { settings });
    await first.start();
    await first.settled();
    dies = true;
    await place(store, 'b', 2);
    await expect.poll(() => torn).toBe(1);
    // Readers see it already; the checkpoint does not know.
    expect(await cached(store)).toEqual({ a: 'placed 1', b: 'placed 2' });
    await ship(store, 'a');
    await cancel(store, 'b');
    await place(store, 'c', 3);
    const second = await started(store, [CacheProjection], { settings });
    await second.settled({ timeoutMs: 10_000 });
    expect(await cached(store)).toEqual({ a: 'shipped 1', c: 'placed 3' });
  });

  // With a memory that takes a fresh build for empty, the removal found nothing to remove, and the document stayed for ever.
  it('does not take a first build for empty that another process has begun', async () => {
    const store = await memory(undefined, { horizonSeconds: 0 });
    await place(store, 'b');
    const scratch = (await store.checkpoints.claim('scratch', 1))!;
    const other = await store.checkpoints.openWriter('scratch');
    let torn = 0;
    const dying = writingThrough(
      { ...store, leases: altered(store.leases, { renew: () => never }) },
      async (_writer, batch, work) => {
        await other.write({ ...batch, key: 'scratch', token: 1, previous: scratch.batch }, work);
        torn += 1;
        return never;
      },
    );
    await engine(dying, [CacheProjection], { settings }).start();
    await expect.poll(() => torn).toBe(1);
    await cancel(store, 'b');
    const second = await started(store, [CacheProjection], { settings });
    await second.settled({ timeoutMs: 10_000 });
    expect(await cached(store)).toEqual({});
  });

  it('lets insert take the place of what is there, and patch find nothing', async () => {
    const store = await memory();
    await place(store, 'a', 1);
    await ship(store, 'a');
    await place(store, 'a', 9);
    await ship(store, 'nowhere');
    const one = await started(store, [CacheProjection], { settings });
    await one.settled();
    expect(await cached(store)).toEqual({ a: 'placed 9' });
    await place(store, 'a', 10);
    await one.settled();
    expect(await cached(store)).toEqual({ a: 'placed 10' });
    await cancel(store, 'a');
    await one.settled();
    expect(await cached(store)).toEqual({});
  });

  it.each<[string, () => Write<OrderView>]>([
    ['increment', () => view.increment('a', { total: 1 })],
    ['increment', () => view.increment('a', {}, { initial: order('ada') })],
    ['push', () => view.push('a', 'lines', { sku: 'x' })],
    ['reduce', () => view.reduce('a', () => undefined)],
    ['patchWhere', () => view.patchWhere({ customerId: 'ada' }, { customerName: 'x' })],
  ])('refuses %s, naming the method', (form, write) => {
    @Projection('counting', { version: 1, readModels: [OrderView], mode: 'plain' })
    class Counting {
      @On(OrderShipped) shipped() {
        return write();
      }
    }
    const fold = new ProjectionFold(projectionDefinitionOf(Counting), shopEvents, { order_view: 'c' });
    const event = envelope('order-a', 1, fact(OrderShipped, { orderId: 'a' }));
    expect(() => fold.begin().add(event)).toThrow(
      `Counting.shipped writes with ${form}, which mode 'plain' cannot repeat`,
    );
    expect(() => fold.begin().add(event)).toThrow(expect.toSatisfy(isProjectionFailed) as never);
  });

  it("refuses 'with', slicing 'stream' and a mode that is none, when it is defined", () => {
    @Projection('looking', { version: 1, readModels: [OrderView, CustomerCard], mode: 'plain', slicing: 'stream' })
    class Looking {
      @On(OrderPlaced, { with: { card: [CustomerCard, (e) => e.customerId] } }) placed() {
        return undefined;
      }
    }
    expect(() => projectionDefinitionOf(Looking)).toThrow(
      /mode 'plain' and slicing 'stream'.*mode 'plain' cannot give/s,
    );
    class Odd {}
    Projection('odd', { version: 1, readModels: [OrderView], mode: 'stamped' as never })(Odd as never);
    expect(() => projectionDefinitionOf(Odd)).toThrow("mode 'stamped': it is 'transactional' or 'plain'");
  });

  // What plain mode does not promise: in the transactional one this batch is refused as a whole (`swap-in.spec.ts`, `load-attacks.spec.ts`).
  it('does not hold back a batch that was on its way when the lease was lost', async () => {
    const store = await memory();
    await place(store, 'a', 1);
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    let holds = false;
    const paused = writingThrough(
      { ...store, leases: altered(store.leases, { renew: (lease) => Promise.resolve(lease) }) },
      (writer, batch, work) =>
        writer.write(batch, async (models) => {
          if (holds && batch.plain === true) await gate;
          await work(models);
        }),
    );
    const zombie = await started(paused, [CacheProjection], { settings });
    await zombie.settled();
    holds = true;
    await ship(store, 'a');
    const next = await started(store, [CacheProjection], { settings });
    await expect.poll(async () => (await cached(store))['a'], { timeout: 10_000 }).toBe('shipped 1');
    await place(store, 'a', 2);
    await next.settled({ timeoutMs: 10_000 });
    expect(await cached(store)).toEqual({ a: 'placed 2' });
    go();
    await expect.poll(async () => (await cached(store))['a'], { timeout: 10_000 }).toBe('shipped 2');
    // Its checkpoint is fenced all the same: the next event puts it right.
    await place(store, 'a', 3);
    await next.settled({ timeoutMs: 10_000 });
    expect(await cached(store)).toEqual({ a: 'placed 3' });
  });
});
