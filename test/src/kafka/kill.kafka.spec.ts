import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka, testDatabase, type KafkaBroker } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeTopic, judgeTrails, messagesOf } from './judge-topic.js';
import { Killable } from './killable.js';
import { startNode, type TopicNodeOptions } from './topic-node.js';
import { TrailLoad } from './trail-load.js';

const KILLS = Number(process.env['NESTFOLD_KAFKA_KILLS'] ?? 2);

/** What is read until it is judged well, or it is too late. */
async function wellJudged(judge: () => Promise<readonly string[]>): Promise<void> {
  await expect.poll(async () => (await judge()).slice(0, 5), { timeout: 60_000, interval: 1_000 }).toEqual([]);
}

describe('topic', () => {
  const database = testDatabase('topic-kill');
  let broker: KafkaBroker;
  let options: Omit<TopicNodeOptions, 'roles'>;

  beforeAll(async () => {
    broker = await startKafka({ ephemeral: {}, ignoreBrokers: true });
    const { uri, name } = database;
    options = { uri, database: name, brokers: broker.brokers, prefix: 'kill', partitions: 3 };
  });
  afterAll(async () => {
    await broker.stop();
    await database.drop();
  });

  it(`holds every commit in the order of its stream, and each is applied once, after ${KILLS} kills each of relay, consumer and broker [K-1, K-2, K-3]`, async () => {
    const judge = await startNode({ ...options, roles: [] });
    const relay = new Killable({ ...options, roles: ['relay'] });
    const consumer = new Killable({ ...options, roles: ['projections'] });
    await Promise.all([relay.start(), consumer.start()]);
    const load = new TrailLoad(judge.connection, { orders: 100, perSecond: 200, writers: 4 });
    const mayhem = async (kill: () => Promise<unknown>, again: () => Promise<unknown>): Promise<void> => {
      for (let time = 0; time < KILLS; time += 1) {
        await sleep(500 + 2_000 * Math.random());
        await kill();
        await sleep(500 * Math.random());
        await again();
      }
    };
    await load.during(() =>
      Promise.all([
        mayhem(
          () => relay.kill(),
          () => relay.start(),
        ),
        mayhem(
          () => consumer.kill(),
          () => consumer.start(),
        ),
        mayhem(
          () => broker.kill(),
          () => broker.restart(),
        ),
      ]),
    );
    expect(load.failed).toBe(0);
    await wellJudged(async () => judgeTopic(judge.connection, await messagesOf(judge.transport, 'order')));
    await wellJudged(() => judgeTrails(judge.connection, judge.engine));
    const messages = await messagesOf(judge.transport, 'order');
    console.log(
      `topic kills: ${relay.kills} of the relay, ${consumer.kills} of the consumer, ${KILLS} of the broker; ${load.commits} commits, ${messages.length} messages`,
    );
    expect([relay.kills, consumer.kills, relay.trouble, consumer.trouble]).toEqual([
      KILLS,
      KILLS,
      undefined,
      undefined,
    ]);
    await Promise.all([relay.kill(), consumer.kill()]);
    await judge.stop();
  }, 240_000);
});
