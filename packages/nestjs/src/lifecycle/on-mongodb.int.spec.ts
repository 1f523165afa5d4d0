import 'reflect-metadata';
import { Test, type TestingModule } from '@nestjs/testing';
import { CommandBus, isStoreUnavailable, QueryBus } from '@nestfold/core';
import { testDatabase, type TestDatabase } from '@nestfold/dev-stack';
import { mongo } from '@nestfold/mongodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Nestfold, NestfoldHealth, NestfoldModule, type NestfoldOptions } from '../index.js';
import {
  CancelOrder,
  FindOrder,
  FindOrderHandler,
  Order,
  OrderMails,
  OrderView,
  OrderViewProjection,
  PlaceOrder,
  PlaceOrderHandler,
} from '../shop.fixture.js';

let database: TestDatabase;
const running = new Set<TestingModule>();

beforeEach(() => {
  database = testDatabase('nestjs');
});
afterEach(async () => {
  await Promise.all([...running].map((module) => module.close()));
  running.clear();
  await database.drop();
});

async function start(options: Partial<NestfoldOptions> = {}): Promise<TestingModule> {
  const module = await Test.createTestingModule({
    imports: [
      NestfoldModule.forRoot({ store: mongo({ uri: database.uri, database: database.name }), ...options }),
      NestfoldModule.forFeature({ aggregates: [Order], readModels: [OrderView] }),
    ],
    providers: [PlaceOrderHandler, OrderViewProjection, FindOrderHandler, OrderMails],
  }).compile();
  running.add(module);
  await module.init();
  return module;
}

async function stop(module: TestingModule): Promise<void> {
  running.delete(module);
  await module.close();
}

const place = PlaceOrder.of({ orderId: '1', customer: 'c', lines: [{ sku: 's', quantity: 1 }] });

describe('an application on MongoDB', () => {
  it('answers a repeated key after a restart with the first receipt, and mails nobody twice [W-5]', async () => {
    const first = await start();
    const receipt = await first.get(CommandBus).execute(place, { key: 'k', principal: 'anna' });
    await first.get(Nestfold).settled();
    expect(first.get(OrderMails).sent).toEqual(['1 1']);
    await stop(first);

    const second = await start();
    expect(await second.get(CommandBus).execute(place, { key: 'k', principal: 'anna' })).toMatchObject({
      id: receipt.id,
      version: receipt.version,
      repeated: true,
    });
    await second.get(CommandBus).execute(CancelOrder.of({ orderId: '1' }), { expectedVersion: receipt.version });
    await second.get(Nestfold).settled();
    expect(await second.get(QueryBus).execute(FindOrder.of({ orderId: '1' }))).toMatchObject({ status: 'cancelled' });
    expect(second.get(OrderMails).sent).toEqual([]);
  });

  it('shares its work between processes by roles [S-6]', async () => {
    const writer = await start({ roles: ['commands'], build: 'w' });
    const reader = await start({ roles: ['queries', 'projections', 'handlers'], build: 'r' });
    await writer.get(CommandBus).execute(place);
    await reader.get(Nestfold).settled();
    expect(await reader.get(QueryBus).execute(FindOrder.of({ orderId: '1' }))).toMatchObject({ status: 'placed' });
    expect(reader.get(OrderMails).sent).toEqual(['1 1']);
    expect(writer.get(OrderMails).sent).toEqual([]);
    await vi.waitFor(async () => expect((await writer.get(NestfoldHealth).isReady()).ready).toBe(true), 10_000);
    const nodes = await writer.get(Nestfold).connection.nodes.list();
    expect(nodes.map(({ build }) => build).sort()).toEqual(['r', 'w']);
  });

  it('gives up its start when no server answers in time [S-3]', async () => {
    // With the driver's own limit (10 s), which the adapter keeps when it is not told the time, this takes as long (tried).
    const started = performance.now();
    const store = mongo({ uri: 'mongodb://127.0.0.1:1', database: 'none' });
    await expect(start({ store, connectWithinMs: 500 })).rejects.toSatisfy(isStoreUnavailable);
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});
