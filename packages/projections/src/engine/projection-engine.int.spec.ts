import { silentLogger, systemEnvironment, type StoreConnection } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { mongo } from '@nestfold/mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CustomerRenamed, DailyTotal, DailyTotalProjection, OrderPlaced, OrderShipped, OrderView, OrderViewProjection } from '../fixtures/shop.fixture.js';
import { append, engine, fact } from '../fixtures/store.fixture.js';
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
});
