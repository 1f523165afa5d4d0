import { isDeepStrictEqual } from 'node:util';
import {
  silentLogger,
  systemEnvironment,
  type EventTypes,
  type StoreConnection,
  type TransportConnection,
} from '@nestfold/core';
import { testDatabase, testKafka, type TestDatabase, type TestKafka } from '@nestfold/dev-stack';
import { kafka } from '@nestfold/kafka';
import { mongo } from '@nestfold/mongodb';
import { ProjectionEngine, projectionDefinitionOf, type ProjectionDefinition } from '@nestfold/projections';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OrderTrail, OrderTrailProjection, orderEvents, touchOrder } from './order-trail.js';
import { Card, shopEvents, trade, View, ViewsProjection } from './shop-views.js';

const EVENTS = Number(process.env['NESTFOLD_KAFKA_EVENTS'] ?? 5_000);
const runtime = { environment: systemEnvironment, logger: silentLogger };

/**
 * One service that follows its store and fills topics, and another with a database of its own that knows the topics only: the same class of a projection
 * in both, which differs by its source alone.
 */
describe('the same projection from the store and from a topic', () => {
  let shared: TestKafka;
  let own: TestDatabase;
  let foreign: TestDatabase;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    shared = await testKafka('equal');
  });
  beforeEach(() => {
    [own, foreign] = [testDatabase('equal-own'), testDatabase('equal-foreign')];
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await Promise.all([own.drop(), foreign.drop()]);
  });
  afterAll(() => shared.drop());

  async function connect({ uri, name }: TestDatabase): Promise<StoreConnection> {
    const store = await mongo({ uri, database: name }).connect(runtime);
    closing.push(() => store.close());
    return store;
  }

  async function transport(name: string): Promise<TransportConnection> {
    const prefix = `${shared.prefix}-${name}`;
    const topics = [
      { name: 'order', partitions: 6 },
      { name: 'everything', categories: ['order', 'customer'], partitions: 1 },
    ];
    const made = await kafka({ brokers: shared.brokers, prefix, topics }).connect(runtime);
    closing.push(() => made.close());
    return made;
  }

  async function start(
    connection: StoreConnection,
    carrier: TransportConnection,
    roles: readonly string[],
    projection: ProjectionDefinition,
    types: EventTypes,
  ): Promise<ProjectionEngine> {
    const node = { id: systemEnvironment.uuid(), host: 'test', pid: process.pid, build: 'test', roles, commands: [] };
    const engine = new ProjectionEngine({
      connection,
      transport: carrier,
      projections: [projection],
      handlers: [],
      types,
      ...runtime,
      node,
    });
    closing.push(() => engine.stop());
    await engine.start();
    return engine;
  }

  it('comes to equal documents where all needs one order, from a topic with one partition [K-4]', async () => {
    const store = await connect(own);
    const definition = projectionDefinitionOf(ViewsProjection);
    await trade(store, 300, 'a');
    const carrier = await transport('single');
    const follower = await start(store, carrier, ['relay', 'projections'], definition, shopEvents);
    const reader = await start(
      await connect(foreign),
      await transport('single'),
      ['projections'],
      { ...definition, source: kafka('everything') },
      shopEvents,
    );
    await Promise.all([trade(store, 300, 'b'), trade(store, 300, 'c')]);
    await follower.settled({ timeoutMs: 30_000 });
    const sort = { _id: 1 } as const;
    for (const model of [Card, View]) {
      const expected: readonly object[] = await follower.readModel<object>(model).find({ sort });
      expect(expected.length).toBeGreaterThan(10);
      await expect
        .poll(() => reader.readModel<object>(model).find({ sort }), { timeout: 30_000, interval: 200 })
        .toEqual(expected);
    }
  }, 90_000);

  it(`comes to equal documents where each has one stream, after ${EVENTS} random events on six partitions [K-4]`, async () => {
    const store = await connect(own);
    const definition = projectionDefinitionOf(OrderTrailProjection);
    const carrier = await transport('stream');
    const follower = await start(store, carrier, ['relay', 'projections'], definition, orderEvents);
    const reader = await start(
      await connect(foreign),
      await transport('stream'),
      ['projections'],
      { ...definition, source: kafka('order') },
      orderEvents,
    );
    // Five a commit on average.
    const writers = Array.from({ length: 64 }, async () => {
      for (let count = 0; count < EVENTS / 5 / 64; count += 1) await touchOrder(store, EVENTS / 20, 9);
    });
    await Promise.all(writers);
    await follower.settled({ timeoutMs: 120_000 });
    const [{ lagEvents: unsent } = { lagEvents: -1 }] = await follower.relayStatuses();
    console.log(`topic equal: ${EVENTS} events stored, ${unsent} of them not sent yet`);
    const isRead = async () =>
      (await follower.relayStatuses())[0]?.lagEvents === 0 && (await reader.status('order-trail')).lagEvents === 0;
    await expect.poll(isRead, { timeout: 120_000, interval: 500 }).toBe(true);
    const sort = { _id: 1 } as const;
    const expected = await follower.readModel(OrderTrail).find({ sort });
    expect(expected.length).toBeGreaterThan(EVENTS / 30);
    // Not by `toEqual`: to show how so much differs takes longer than anything else here.
    const isEqual = async () => isDeepStrictEqual(await reader.readModel(OrderTrail).find({ sort }), expected);
    await expect.poll(isEqual, { timeout: 60_000, interval: 500 }).toBe(true);
  }, 290_000);
});
