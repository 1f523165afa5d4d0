import { testKafka } from '@nestfold/dev-stack';
import { Kafka, type Consumer } from 'kafkajs';
import { afterAll } from 'vitest';

/** As the README of dev-stack has it, for specs on a broker. */
export async function prepared(): Promise<[Consumer, string]> {
  const kafka = await testKafka('orders');
  const topic = await kafka.topic('order', 2);
  const consumer = new Kafka({ brokers: kafka.brokers }).consumer({ groupId: kafka.name('readers') });
  afterAll(() => kafka.drop());
  return [consumer, topic];
}
