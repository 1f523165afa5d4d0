import { access, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { resolveKafka } from '../kafka/resolve-kafka.js';
import { contentOf, produce, producerOf } from '../testing/kafka-client.fixture.js';
import type { EphemeralKafkaOptions } from './ephemeral.broker.js';
import { withAdmin } from './kafka-admin.js';
import type { KafkaBroker, KafkaTopic } from './kafka-broker.js';
import { startKafka } from './start-kafka.js';

const ORDERS: KafkaTopic = { name: 'shop.order', partitions: 2 };

async function start(options: EphemeralKafkaOptions = {}, env = process.env): Promise<KafkaBroker> {
  const broker = await startKafka({ ephemeral: options, ignoreBrokers: true, env, topics: [ORDERS] });
  onTestFinished(() => broker.stop());
  return broker;
}

describe.each(['3.9.1', '4.1.0'])('startKafka({ ephemeral }) with Kafka %s', (version) => {
  const env = { ...process.env, NESTFOLD_KAFKA_VERSION: version };
  // The first time Maven fetches it.
  beforeAll(async () => void (await resolveKafka({ ignoreBrokers: true, env })), 600_000);

  it('starts a broker with its topics, which keeps every message that it has acknowledged when it is killed and started again', async () => {
    const broker = await start({}, env);
    expect(broker.kind).toBe('ephemeral');
    expect(broker.brokers).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
    const { topics } = await withAdmin(broker.brokers, (admin) => admin.fetchTopicMetadata({ topics: [ORDERS.name] }));
    expect(topics[0]?.partitions).toHaveLength(2);
    expect(await readFile(broker.log ?? '', 'utf8')).toContain(`Kafka version: ${version}`);

    const producer = await producerOf(broker.brokers, 0);
    const acknowledged: string[] = [];
    let isOn = true;
    const writing = (async () => {
      for (let number = 0; isOn; number += 1) {
        const value = `message ${number}`;
        await producer.send({ topic: ORDERS.name, acks: -1, messages: [{ value }] }).then(
          () => acknowledged.push(value),
          () => undefined,
        );
      }
    })();
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(100);
    await broker.kill();
    expect(broker.pid).toBeUndefined();
    isOn = false;
    await writing;

    await broker.restart();
    expect(await contentOf(broker.brokers, ORDERS.name)).toEqual(expect.arrayContaining(acknowledged));
    await produce(broker.brokers, ORDERS.name, 'after');
    expect(await contentOf(broker.brokers, ORDERS.name)).toContain('after');
  });
});

describe('startKafka({ ephemeral })', () => {
  it('passes further settings on, and makes no topic that nobody asked for', async () => {
    const broker = await start({ properties: { 'message.max.bytes': '4096' } });
    await expect(produce(broker.brokers, ORDERS.name, 'x'.repeat(10_000))).rejects.toThrow(/larger than the max/);
    const producer = await producerOf(broker.brokers, 0);
    await expect(producer.send({ topic: 'shop.ordre', messages: [{ value: 'lost' }] })).rejects.toThrow(
      'This server does not host this topic-partition',
    );
    expect(await withAdmin(broker.brokers, (admin) => admin.listTopics())).toEqual([ORDERS.name]);
  });

  it('leaves neither process nor data behind when stopped, even twice', async () => {
    const broker = await start();
    await Promise.all([broker.stop(), broker.stop()]);
    expect(broker.pid).toBeUndefined();
    await expect(access(dirname(broker.dataFolder ?? ''))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('quotes what Kafka says of a setting that it refuses', async () => {
    await expect(start({ properties: { 'num.io.threads': '0' } })).rejects.toMatchObject({
      code: 'KAFKA_START_FAILED',
      message: expect.stringMatching(
        /Its log says:\n {4}Exception.*num\.io\.threads: Value must be at least 1$/,
      ) as string,
    });
  });
});
