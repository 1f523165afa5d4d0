import type { StoreConnection } from '@nestfold/core';
import { MongoClient } from 'mongodb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { databaseForEach } from '../../test/mongo.fixture.js';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { ReadModelDocument } from '../definition/read-model-document.decorator.js';
import { writes } from '../definition/writes.js';
import { withHorizon } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, passed, place, started } from '../fixtures/engines.fixture.js';
import { Mortal } from '../fixtures/mortal.fixture.js';
import {
  CustomerRenamed,
  DailyTotal,
  DailyTotalProjection,
  OrderShipped,
  OrderView,
  OrderViewProjection,
} from '../fixtures/shop.fixture.js';
import { append, documents, fact, fast } from '../fixtures/store.fixture.js';

const database = databaseForEach('engine');
let store: StoreConnection;

endEnginesAfterEach();

beforeEach(async () => {
  store = await database.connect();
});

describe('ProjectionEngine on MongoDB', () => {
  it('builds, follows, and waits until everything is applied', async () => {
    for (let n = 0; n < 20; n += 1) await place(store, `${n}`);
    const one = await started(store, [OrderViewProjection, DailyTotalProjection]);
    await one.settled();
    await append(store, 'order-7', fact(OrderShipped, { orderId: '7' }));
    await append(store, 'customer-ada', fact(CustomerRenamed, { customerId: 'ada', name: 'Ada' }));
    await one.settled();
    expect(await one.readModel(OrderView).findById('7')).toMatchObject({ status: 'shipped', customerName: 'Ada' });
    expect(await one.readModel(OrderView).count({ where: { customerName: 'Ada' } })).toBe(20);
    expect(await one.readModel(DailyTotal).findById('all')).toMatchObject({ orders: 20, shipped: 1 });
    expect(await one.status('order-view')).toMatchObject({ state: 'live', lagEvents: 0 });
  });

  it(
    'rebuilds under load: readers see neither a gap nor a half-built model, and the new documents equal the old ones [B-1, B-2]',
    { timeout: 120_000 },
    async () => {
      // History counts from two seconds back, so that a rebuild goes through both of its phases.
      const short = withHorizon(store, 2);
      for (let n = 0; n < 200; n += 1) await place(store, `early-${n}`);
      const one = await started(short, [OrderViewProjection, DailyTotalProjection]);
      const two = await started(withHorizon(await database.connect(), 2), [OrderViewProjection, DailyTotalProjection]);
      await one.settled({ timeoutMs: 30_000 });
      await passed(store, 3);
      let isOver = false;
      let placed = 200;
      const writing = (async () => {
        for (; !isOver; placed += 1) {
          await place(store, `late-${placed}`);
          if (placed % 10 === 0)
            await append(store, 'customer-ada', fact(CustomerRenamed, { customerId: 'ada', name: `Ada ${placed}` }));
        }
      })();
      let reads = 0;
      const reading = [one, two].map(async (engineOf) => {
        const [orders, totals] = [engineOf.readModel(OrderView), engineOf.readModel(DailyTotal)];
        let atLeast = 200;
        while (!isOver) {
          const found = (await totals.findById('all'))?.orders ?? 0;
          // A half-built or an empty model counts fewer; so would one that a swap took back behind what was shown before.
          expect(found).toBeGreaterThanOrEqual(atLeast);
          atLeast = found;
          expect(await orders.findById('early-0')).toBeDefined();
          expect(await orders.count({ where: { customerId: 'ada' } })).toBeGreaterThanOrEqual(200);
          reads += 1;
        }
      });
      for (const name of ['order-view', 'daily-total', 'daily-total']) {
        const { id } = await one.rebuild(name, 'test');
        await vi.waitFor(async () => expect((await one.rebuildStatus(id))?.state).toBe('done'), {
          timeout: 40_000,
          interval: 50,
        });
      }
      isOver = true;
      await writing;
      await Promise.all(reading);
      await one.settled({ timeoutMs: 30_000 });
      expect(reads).toBeGreaterThan(20);
      expect(await one.status('daily-total')).toMatchObject({ generation: 3 });
      const live = await documents(store, await one.readModel(OrderView).collectionName());
      // A third engine's read models are folded from scratch.
      const last = await one.rebuild('order-view', 'test');
      await vi.waitFor(async () => expect((await one.rebuildStatus(last.id))?.state).toBe('done'), {
        timeout: 40_000,
        interval: 50,
      });
      expect(await documents(store, await one.readModel(OrderView).collectionName())).toEqual(live);
      expect(live.size).toBe(placed);
      expect(await one.readModel(DailyTotal).findById('all')).toMatchObject({ orders: placed });
    },
  );

  it(
    'takes over from a process that was killed inside a batch, although its transaction holds the documents [P-4]',
    { timeout: 60_000 },
    async () => {
      // Without ending the dead owner's session the next one waits for the server to do so, for more than a minute.
      const mortal = new Mortal(await database.connect(), { call: 1, when: 'within' });
      const one = await started(mortal.connection, [DailyTotalProjection], { settings: { ...fast, drainMs: 200 } });
      await place(store, '1');
      await one.settled({ timeoutMs: 20_000 });
      mortal.arm();
      await place(store, '2');
      await vi.waitFor(() => expect(mortal.isDead).toBe(true), { timeout: 10_000 });
      const two = await started(store, [DailyTotalProjection]);
      await vi.waitFor(
        async () => expect(await two.readModel(DailyTotal).findById('all')).toMatchObject({ orders: 2 }),
        { timeout: 20_000, interval: 20 },
      );
      await place(store, '3');
      await two.settled();
      expect(await two.readModel(DailyTotal).findById('all')).toMatchObject({ orders: 3 });
    },
  );

  it(
    'that is to halt stops loudly at a document that a unique index refuses, names the event, and others go on',
    { timeout: 60_000 },
    async () => {
      @ReadModelDocument('seats', { indexes: [{ name: 'seat', keys: { seat: 1 }, unique: true }] })
      class Seat {
        _id!: string;
        seat!: string;
      }
      @Projection('seats', { version: 1, readModels: [Seat], onPoison: 'halt' })
      class Seats {
        @On(CustomerRenamed) renamed(e: CustomerRenamed) {
          return writes(Seat).insert(e.customerId, { seat: e.name });
        }
      }
      const one = await started(store, [Seats, DailyTotalProjection]);
      await one.settled({ timeoutMs: 20_000 });
      for (const [id, seat] of [
        ['1', 'A'],
        ['2', 'B'],
        ['3', 'A'],
        ['4', 'C'],
      ] as const)
        await append(store, `customer-${id}`, fact(CustomerRenamed, { customerId: id, name: seat }));
      await place(store, '1');
      await vi.waitFor(
        async () =>
          expect(await one.status('seats')).toMatchObject({ state: 'stopped', error: { event: 'customer-3:1' } }),
        { timeout: 20_000 },
      );
      expect([...(await documents(store, await one.readModel(Seat).collectionName())).keys()]).toEqual(['1', '2']);
      await vi.waitFor(
        async () => expect(await one.readModel(DailyTotal).findById('all')).toMatchObject({ orders: 1 }),
        { timeout: 20_000 },
      );
    },
  );

  it(
    'indexes the fields of a patchWhere before the first, and the rest after the history',
    { timeout: 60_000 },
    async () => {
      await place(store, '1');
      await append(store, 'customer-ada', fact(CustomerRenamed, { customerId: 'ada', name: 'Ada' }));
      const one = await started(store, [OrderViewProjection]);
      await one.settled({ timeoutMs: 20_000 });
      const client = await MongoClient.connect(database.uri, { directConnection: true });
      const indexes = await client
        .db(database.name)
        .collection(await one.readModel(OrderView).collectionName())
        .indexes();
      await client.close();
      expect(indexes.map(({ name }) => name)).toEqual(['_id_', 'customer']);
    },
  );
});
