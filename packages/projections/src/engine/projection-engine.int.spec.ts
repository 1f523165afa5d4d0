import { silentLogger, systemEnvironment, type StoreConnection, type StoredDocument } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { mongo } from '@nestfold/mongodb';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CustomerRenamed, DailyTotal, DailyTotalProjection, OrderPlaced, OrderShipped, OrderView, OrderViewProjection } from '../fixtures/shop.fixture.js';
import { append, documents, engine, fact, fast } from '../fixtures/store.fixture.js';
import type { ProjectionEngine } from './projection-engine.js';

const open: StoreConnection[] = [];
const running: ProjectionEngine[] = [];
let database: ReturnType<typeof testDatabase>;
let store: StoreConnection;

async function connected(): Promise<StoreConnection> {
  const connection = await mongo({ uri: database.uri, database: database.name }).connect({ environment: systemEnvironment, logger: silentLogger });
  open.push(connection);
  return connection;
}

async function started(...args: Parameters<typeof engine>): Promise<ProjectionEngine> {
  const one = engine(...args);
  running.push(one);
  await one.start();
  return one;
}

const place = (on: StoreConnection, id: string, customerId = 'ada'): Promise<void> => append(on, `order-${id}`, fact(OrderPlaced, { orderId: id, customerId, total: 5 }));

beforeEach(async () => {
  database = testDatabase('engine');
  store = await connected();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await Promise.all(open.splice(0).map((one) => one.close()));
  await database.drop();
});

describe('ProjectionEngine on MongoDB', () => {
  it('builds, follows, and is settled within a second', async () => {
    for (let n = 0; n < 20; n += 1) await place(store, `${n}`);
    const one = await started(store, [OrderViewProjection, DailyTotalProjection]);
    await one.settled();
    await append(store, 'order-7', fact(OrderShipped, { orderId: '7' }));
    await append(store, 'customer-ada', fact(CustomerRenamed, { customerId: 'ada', name: 'Ada' }));
    const begun = Date.now();
    await one.settled();
    expect(Date.now() - begun).toBeLessThan(1_000);
    expect(await one.readModel(OrderView).findById('7')).toMatchObject({ status: 'shipped', customerName: 'Ada' });
    expect(await one.readModel(OrderView).count({ where: { customerName: 'Ada' } })).toBe(20);
    expect(await one.readModel(DailyTotal).findById('all')).toMatchObject({ orders: 20, shipped: 1 });
    expect(await one.status('order-view')).toMatchObject({ state: 'live', lagEvents: 0 });
  });

  it('shows an append within 50 ms at 500 events a second, at the 99th percentile', { timeout: 60_000 }, async () => {
    const one = await started(store, [OrderViewProjection]);
    await one.settled();
    const collection = await one.readModel(OrderView).collectionName();
    const client = await MongoClient.connect(database.uri, { directConnection: true });
    const changes = client.db(database.name).collection(collection).watch([{ $match: { operationType: 'insert' } }], { maxAwaitTimeMS: 100 });
    const appended = new Map<string, number>();
    const took: number[] = [];
    const watching = (async () => {
      for await (const change of changes) {
        if (!('documentKey' in change)) continue;
        const at = appended.get(String(change.documentKey._id));
        if (at !== undefined) took.push(performance.now() - at);
        if (took.length === 2_500) return;
      }
    })();
    const begun = performance.now();
    const writing: Promise<void>[] = [];
    for (let n = 0; n < 2_500; n += 1) {
      const due = begun + n * 2;
      if (performance.now() < due) await systemEnvironment.sleep(due - performance.now());
      appended.set(`${n}`, performance.now());
      writing.push(place(store, `${n}`));
    }
    await Promise.all(writing);
    await watching;
    await changes.close();
    await client.close();
    took.sort((one, other) => one - other);
    const p99 = took[Math.floor(took.length * 0.99)] ?? Infinity;
    console.info(`append to visible at 500/s: p50 ${took[1_250]?.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
    expect(p99).toBeLessThan(50);
  });
});
