import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { onTestFinished } from 'vitest';
import { withAdmin } from '../broker/kafka-admin.js';

/** A client that says nothing. A broker that has just come back loads its groups first: that it waits for. */
export function clientOf(brokers: string[], retries = 10): Kafka {
  return new Kafka({
    brokers,
    logLevel: logLevel.NOTHING,
    requestTimeout: 5_000,
    retry: { retries, initialRetryTime: 100 },
  });
}

/** A connected producer that lasts as long as the running test. */
export async function producerOf(brokers: string[], retries?: number): Promise<Producer> {
  const producer = clientOf(brokers, retries).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  onTestFinished(() => producer.disconnect());
  await producer.connect();
  return producer;
}

/** Writes messages and returns when all are acknowledged. */
export async function produce(brokers: string[], topic: string, ...values: readonly string[]): Promise<void> {
  const producer = await producerOf(brokers);
  await producer.send({ topic, acks: -1, messages: values.map((value) => ({ value })) });
}

/** What a topic holds now, read from its beginning by a new group. */
export async function contentOf(brokers: string[], topic: string): Promise<string[]> {
  const ends = await withAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
  const expected = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  const values: string[] = [];
  if (expected === 0) return values;
  const consumer = clientOf(brokers).consumer({ groupId: randomUUID() });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      // A coordinator that is still loading its groups is asked again by the client itself.
      consumer.on('consumer.crash', ({ payload }) => void (payload.restart || reject(payload.error)));
      consumer
        .run({
          eachMessage: async ({ message }) => {
            values.push(String(message.value));
            if (values.length >= expected) resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return values;
}
