import { isDeepStrictEqual } from 'node:util';
import { systemEnvironment } from '@nestfold/core';
import { testDatabase, testKafka, type TestKafka } from '@nestfold/dev-stack';
import { Kafka, logLevel, Partitioners, type KafkaMessage, type Message, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TopicTrail, touchOrder } from './order-trail.js';
import { startNode, type TopicNodeOptions } from './topic-node.js';

// Each is sent three times on average.
const COMMITS = Math.ceil(Number(process.env['NESTFOLD_KAFKA_EVENTS'] ?? 6_000) / 3);
const [PARTITIONS, WINDOW, MOST_TIMES] = [3, 50, 5];
const chance = (below: number): number => Math.floor(systemEnvironment.random() * below);

describe('topic that repeats itself', () => {
  const [own, foreign] = [testDatabase('repeated-own'), testDatabase('repeated-foreign')];
  let kafka: TestKafka;
  let producer: Producer;

  beforeAll(async () => {
    kafka = await testKafka('repeated');
    producer = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).producer({
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
  });
  afterAll(async () => {
    await producer.disconnect();
    await kafka.drop();
    await Promise.all([own.drop(), foreign.drop()]);
  });

  const optionsOf = (database: typeof own, prefix: string): Omit<TopicNodeOptions, 'roles'> => ({
    uri: database.uri,
    database: database.name,
    brokers: kafka.brokers,
    prefix: `${kafka.prefix}${prefix}`,
    partitions: PARTITIONS,
  });

  /** All messages of a partition, as the broker has them. */
  async function rawOf(node: Awaited<ReturnType<typeof startNode>>, partition: number): Promise<KafkaMessage[]> {
    const { earliest, end } = (await node.transport.reach('order'))[partition]!;
    const reader = node.transport.reader('raw', 'order');
    const subscription = reader.open(partition, earliest);
    const found: KafkaMessage[] = [];
    for (let next = earliest; next < end;) {
      const batch = await subscription.next({ max: 10_000, waitMs: 1_000 });
      next = batch.next;
      found.push(...batch.messages.map(({ raw }) => raw as KafkaMessage));
    }
    await reader.close();
    return found;
  }

  it(`gives the same read model with each of ${COMMITS} messages one to five times, shuffled across streams in windows of 50 [K-3]`, async () => {
    const source = await startNode({ ...optionsOf(own, 'a'), roles: ['relay', 'projections'] });
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        for (let count = 0; count < COMMITS / 32; count += 1) await touchOrder(source.connection, 60);
      }),
    );
    await source.engine.settled({ timeoutMs: 60_000 });
    const reader = await startNode({ ...optionsOf(foreign, 'b'), roles: ['relay', 'projections'] });
    let sent = 0;
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      const hostile = repeated(await rawOf(source, partition)).map(({ key, value, headers }): Message => {
        return { key, value, partition, ...(headers && { headers }) };
      });
      sent += hostile.length;
      for (let begin = 0; begin < hostile.length; begin += 500)
        await producer.send({
          topic: `${kafka.prefix}b.order`,
          acks: -1,
          messages: hostile.slice(begin, begin + 500),
        });
    }
    const sort = { _id: 1 } as const;
    const expected = await source.engine.readModel(TopicTrail).find({ sort });
    expect(expected.length).toBeGreaterThan(50);
    // Not by `toEqual`: to show how so much differs takes longer than anything else here.
    const isEqual = async () => isDeepStrictEqual(await reader.engine.readModel(TopicTrail).find({ sort }), expected);
    await expect.poll(isEqual, { timeout: 60_000, interval: 500 }).toBe(true);
    await reader.engine.settled({ timeoutMs: 30_000 });
    expect(await isEqual()).toBe(true);
    expect(sent).toBeGreaterThan(2 * COMMITS);
    await Promise.all([source.stop(), reader.stop()]);
  }, 290_000);
});

/** Each stream keeps its order, what came of it comes again at any time after, and streams mix as they like. */
function repeated(messages: readonly KafkaMessage[]): KafkaMessage[] {
  const found: KafkaMessage[] = [];
  for (let begin = 0; begin < messages.length; begin += WINDOW) {
    const streams = new Map<string, KafkaMessage[]>();
    for (const message of messages.slice(begin, begin + WINDOW)) {
      const stream = String(message.key);
      streams.set(stream, [...(streams.get(stream) ?? []), message]);
    }
    const queues = [...streams.values()];
    while (queues.length > 0) {
      const at = chance(queues.length);
      found.push(queues[at]!.shift()!);
      if (queues[at]!.length === 0) queues.splice(at, 1);
      for (let again = chance(MOST_TIMES); again > 0; again -= 1) found.push(found[chance(found.length)]!);
    }
  }
  return found;
}
