import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { testDatabase, testKafka, type TestKafka } from '@nestfold/dev-stack';
import { MongoOutbox } from '@nestfold/mongodb';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamsOf } from './judge-topic.js';
import { Killable } from './killable.js';
import { touchOrder } from './order-trail.js';
import { ToldPayment, toldEvents, ToldTrail } from './told-trail.js';
import { startNode } from './topic-node.js';

const KILLS = Number(process.env['NESTFOLD_KAFKA_KILLS'] ?? 2);
const [ORDERS, PAYMENTS, WAIT] = [20, 5, { timeout: 60_000, interval: 500 }];

describe('what a service tells', () => {
  const [own, foreign] = [testDatabase('told-own'), testDatabase('told-foreign')];
  let kafka: TestKafka;

  beforeAll(async () => {
    kafka = await testKafka('told');
  });
  afterAll(async () => {
    await kafka.drop();
    await Promise.all([own.drop(), foreign.drop()]);
  });

  // Where the relay saves its place before it sends, what stood between the two when it was killed never comes.
  it(`by publications and by its outbox gets to others whole, each key in order and once, after ${KILLS} kills of its relay [K-1, K-11, K-13]`, async () => {
    const common = { brokers: kafka.brokers, prefix: kafka.prefix, partitions: 3, tells: true, uri: own.uri };
    const source = await startNode({ ...common, database: own.name, roles: [] });
    const relay = new Killable({ ...common, database: own.name, roles: ['relay'] });
    await relay.start();
    const reader = await startNode({ ...common, database: foreign.name, roles: ['projections'] });
    const client = await new MongoClient(own.uri).connect();
    const db = client.db(own.name);
    const [payments, outbox] = [db.collection<{ _id: string; count: number }>('payments'), new MongoOutbox(db)];
    await db.createCollection('payments');
    const pay = (id: string, fails: boolean): Promise<void> =>
      client.withSession((session) =>
        session.withTransaction(async () => {
          const paid = await payments.findOneAndUpdate(
            { _id: id },
            { $inc: { count: 1 } },
            { session, upsert: true, returnDocument: 'after' },
          );
          const events = [toldEvents.newEvent(ToldPayment, { count: paid!.count })];
          await outbox.add(session, { category: 'payment', key: id, events });
          if (fails) throw new Error('taken back');
        }),
      );
    let [isOn, takenBack] = [true, 0];
    const working = Promise.all([
      (async () => {
        for (; isOn; await sleep(5)) await touchOrder(source.connection, ORDERS);
      })(),
      (async () => {
        for (let turn = 0; isOn; turn += 1, await sleep(5))
          await pay(`${turn % PAYMENTS}`, turn % 7 === 6).catch((error: Error) => {
            if (error.message !== 'taken back') throw error;
            takenBack += 1;
          });
      })(),
    ]);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await sleep(500 + 1_000 * Math.random());
      await relay.kill();
      await sleep(300 * Math.random());
      await relay.start();
    }
    isOn = false;
    await working;

    const expected = new Map<string, number[]>();
    for (const [stream, commits] of await streamsOf(source.connection))
      for (const { firstVersion, events } of commits)
        events.forEach(({ type }, index) => {
          const isTold = type === 'order.placed' || stream.startsWith('payment-');
          if (isTold) expected.set(stream, [...(expected.get(stream) ?? []), firstVersion + index]);
        });
    const found = async () =>
      new Map((await reader.engine.readModel(ToldTrail).find({})).map(({ _id, versions }) => [_id, versions]));
    const wrong = async () => {
      const trails = await found();
      return [...expected].filter(([stream, versions]) => !isDeepStrictEqual(trails.get(stream), versions)).slice(0, 3);
    };
    await expect.poll(wrong, WAIT).toEqual([]);
    expect((await found()).size).toBe(expected.size);
    for (const { _id, count } of await payments.find({}).toArray()) {
      const trail = await reader.engine.readModel(ToldTrail).findById(`payment-${_id}`);
      expect(trail?.counts).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    }
    const messages = (await source.transport.reach('told')).reduce((sum, { end }) => sum + end, 0);
    console.log(
      `told kills: ${relay.kills} of the relay; ${expected.size} keys, ${messages} messages, ${takenBack} taken back`,
    );
    expect(relay.kills).toBe(KILLS);
    expect(takenBack).toBeGreaterThan(0);
    await relay.kill();
    await Promise.all([client.close(), reader.stop(), source.stop()]);
  }, 240_000);
});
