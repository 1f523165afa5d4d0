import 'reflect-metadata';
import { partitionOf, IntegrationEvent, type EventContext } from '@nestfold/core';
import type { DeadLetterDto, ProjectionDto, RefusedPageDto, RefusedRedriveDto, RelayDto } from '@nestfold/admin';
import { testDatabase, testKafka, type TestDatabase, type TestKafka } from '@nestfold/dev-stack';
import { kafka } from '@nestfold/kafka';
import { mongo } from '@nestfold/mongodb';
import { On, Projection, Publish, Publishes, ReadModelDocument, writes } from '@nestfold/projections';
import { Kafka, logLevel, Partitioners, type Message } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startOperated } from './operated.js';
import {
  OrderPlaced,
  OrderShipped,
  OrderTrail,
  OrderTrailProjection,
  touchOrder,
  TopicTrailProjection,
} from './order-trail.js';

/** Whether this build of the reader understands orders of the newer kind. */
let isMended = false;

@IntegrationEvent<ToldOrder>('orders.told', {
  check: ({ orderId }) => (typeof orderId === 'string' || isMended ? [] : ['orderId is no text']),
})
class ToldOrder {
  orderId!: string;
}

@Publishes('told')
class OrdersToOthers {
  @Publish(OrderPlaced, ToldOrder) placed({ orderId }: OrderPlaced) {
    return { orderId };
  }
}

@ReadModelDocument('told_trail')
class ToldTrail {
  _id!: string;
  versions!: number[];
}

@Projection('told-trail', { version: 1, readModels: [ToldTrail], slicing: 'stream', source: kafka('told') })
class ToldTrailProjection {
  @On(ToldOrder) told(_event: ToldOrder, { stream, version }: EventContext) {
    return writes(ToldTrail).reduce(stream, (document) => ({ versions: [...(document?.versions ?? []), version] }));
  }
}

const PATIENCE = { timeout: 30_000, interval: 200 };

describe('operators of topics', () => {
  let shared: TestKafka;
  let own: TestDatabase;
  let foreign: TestDatabase;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    shared = await testKafka('operators');
  });
  beforeEach(() => {
    [own, foreign] = [testDatabase('operators-own'), testDatabase('operators-foreign')];
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await Promise.all([own.drop(), foreign.drop()]);
  });
  afterAll(() => shared.drop());

  it('see the lag of projections of both kinds rise while their process stands still, and go when it is back [K-15]', async () => {
    const prefix = `${shared.prefix}-lag`;
    const store = mongo({ uri: own.uri, database: own.name });
    const transports = [kafka({ brokers: shared.brokers, prefix, topics: [{ name: 'order', partitions: 3 }] })];
    const views = [OrderTrailProjection, TopicTrailProjection];
    const feature = { events: [OrderPlaced, OrderShipped] };
    const watching = await startOperated({ store, transports, roles: ['commands', 'relay'] }, views, feature);
    closing.push(() => watching.stop());
    const feeding = () => startOperated({ store, transports, roles: ['projections'] }, views, feature);
    let consumer = await feeding();
    const lags = async (): Promise<unknown> =>
      (await watching.ask<ProjectionDto[]>('GET', '/projections')).map(({ name, topic, lagEvents, lagSeconds }) => ({
        name,
        ...(topic !== undefined && { topic }),
        lagEvents,
        isOld: lagSeconds > 0,
      }));
    const none = [
      { name: 'order-trail', lagEvents: 0, isOld: false },
      { name: 'topic-trail', topic: 'order', lagEvents: 0, isOld: false },
    ];
    for (let count = 0; count < 20; count += 1) await touchOrder(watching.nestfold.connection, 10, 1);
    await watching.nestfold.settled({ timeoutMs: 30_000 });
    await expect.poll(lags, PATIENCE).toEqual(none);

    await consumer.stop();
    for (let count = 0; count < 30; count += 1) await touchOrder(watching.nestfold.connection, 10, 1);
    await expect.poll(lags, PATIENCE).toEqual(none.map((one) => ({ ...one, lagEvents: 30, isOld: true })));
    // It saves its place behind the broker's answer.
    await expect
      .poll(async () => (await watching.ask<RelayDto[]>('GET', '/relays'))[0], PATIENCE)
      .toMatchObject({ topic: 'order', state: 'relaying', lagEvents: 0, refused: 0 });

    consumer = await feeding();
    closing.push(() => consumer.stop());
    await expect.poll(lags, PATIENCE).toEqual(none);
    const found = await consumer.nestfold.readModel(OrderTrail).find({});
    expect(found.reduce((sum, { versions }) => sum + versions.length, 0)).toBe(50);
  }, 120_000);

  // Without `unfitIn` the two that park their streams are not counted.
  it('see what a topic refused, and redrive it once the reader is mended: its key in order, while all others went on [K-5, K-12, K-14]', async () => {
    const prefix = `${shared.prefix}-poison`;
    const topics = [{ name: 'told', categories: ['order'], partitions: 3, carries: 'integration-events' as const }];
    const transports = [kafka({ brokers: shared.brokers, prefix, topics })];
    const source = await startOperated(
      { store: mongo({ uri: own.uri, database: own.name }), transports, roles: ['commands', 'relay'] },
      [OrdersToOthers],
      { events: [OrderPlaced, OrderShipped] },
    );
    closing.push(() => source.stop());
    // One order, told by the service that owns it.
    await touchOrder(source.nestfold.connection, 1, 1);
    const reader = await startOperated(
      { store: mongo({ uri: foreign.uri, database: foreign.name }), transports, roles: ['projections'] },
      [ToldTrailProjection],
    );
    closing.push(() => reader.stop());
    const versionsOf = async (id: string) =>
      (await reader.nestfold.readModel(ToldTrail).findById(`order-${id}`))?.versions;
    await expect.poll(() => versionsOf('0'), PATIENCE).toEqual([1]);

    const client = new Kafka({ brokers: [...shared.brokers], logLevel: logLevel.NOTHING });
    const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    closing.push(() => producer.disconnect());
    const epoch = await source.nestfold.connection.events.epoch();
    const made = (
      id: string,
      version: number,
      more: { readonly data?: unknown; readonly schema?: number } = {},
    ): Message => ({
      key: `order-${id}`,
      partition: partitionOf(`order-${id}`, 3),
      value: JSON.stringify({
        id: '0b0e9a4e-3c1f-5d2a-8b1a-111111111111',
        recordedAt: { $date: new Date().toISOString() },
        events: [{ type: 'orders.told', schema: 1, data: { orderId: id }, ...more }],
      }),
      headers: {
        stream: `order-${id}`,
        count: '1',
        version: `${version}`,
        correlationid: 'c',
        causationid: 'u',
        ce_time: new Date().toISOString(),
        relay: `1000000;0000000100000001;;;${epoch}`,
      },
    });
    const unmade = (headers: object): Message => ({
      ...made('0', 2),
      headers: { ...made('0', 2).headers, ...headers },
    });
    const hostile: Message[] = [
      { ...made('0', 2), value: Buffer.from([0xff, 0x00, 0xfe]) },
      { ...made('0', 2), value: 'x'.repeat(5 * 1024 * 1024) },
      { ...made('0', 2), key: null },
      unmade({ stream: 'order-7' }),
      unmade({ version: '-1' }),
      unmade({ version: '99' }),
      unmade({ count: '3' }),
    ];
    const poisoned = [made('1', 1), made('1', 2, { data: { orderId: 7 } }), made('1', 3), made('1', 4)];
    const others = ['2', '3', '4', '5'].flatMap((id) => [made(id, 1), made(id, 2)]);
    for (const message of [...hostile, ...poisoned, made('6', 1, { schema: 9 }), ...others])
      await producer.send({ topic: `${prefix}.told`, messages: [message] });

    for (const id of ['2', '3', '4', '5']) await expect.poll(() => versionsOf(id), PATIENCE).toEqual([1, 2]);
    const trail = () => reader.ask<ProjectionDto>('GET', '/projections/told-trail');
    await expect.poll(trail, PATIENCE).toMatchObject({ state: 'live', parked: 2, lagEvents: 0 });
    expect(await versionsOf('1')).toEqual([1]);
    expect(await versionsOf('0')).toEqual([1]);
    const count = hostile.length + 2;
    expect(await reader.ask('GET', '/relays')).toMatchObject([{ topic: 'told', refused: count }]);
    const { messages, kept } = await reader.ask<RefusedPageDto>('GET', '/topics/told/refused');
    expect([kept, messages.length]).toEqual([count, count]);
    const waiting = messages.filter(({ deadLetter }) => deadLetter !== undefined);
    expect(waiting.map(({ stream }) => stream).sort()).toEqual(['order-1', 'order-6']);
    const letter = waiting.find(({ stream }) => stream === 'order-1');
    expect(letter?.reason).toContain('orderId is no text');
    expect(await reader.ask<DeadLetterDto>('GET', `/dead-letters/${letter?.deadLetter}`)).toMatchObject({ waiting: 3 });

    isMended = true;
    expect(await reader.ask<RefusedRedriveDto>('POST', '/topics/told/refused/redrive')).toMatchObject({ streams: 2 });
    await expect.poll(() => versionsOf('1'), PATIENCE).toEqual([1, 2, 3, 4]);
    await producer.send({ topic: `${prefix}.told`, messages: [made('1', 5), made('0', 2)] });
    await expect.poll(() => versionsOf('1'), PATIENCE).toEqual([1, 2, 3, 4, 5]);
    await expect.poll(() => versionsOf('0'), PATIENCE).toEqual([1, 2]);
    // Of a version that nobody knows: it waits for a build that does, or for an operator who gives it up.
    const other = waiting.find(({ stream }) => stream === 'order-6');
    await expect
      .poll(() => reader.ask<DeadLetterDto>('GET', `/dead-letters/${other?.deadLetter}`), PATIENCE)
      .toMatchObject({ attempts: 2 });
    await reader.ask('POST', `/dead-letters/${other?.deadLetter}/discard`);
    await expect.poll(trail, PATIENCE).toMatchObject({ state: 'live', parked: 0 });
  }, 120_000);
});
