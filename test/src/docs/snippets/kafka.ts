import { startKafka } from '@nestfold/dev-stack';
import { Kafka } from 'kafkajs';

/** As the README of dev-stack has it; its own specs run what it shows. */
export async function started(): Promise<Kafka> {
  const kafka = await startKafka({ ephemeral: {}, topics: [{ name: 'shop.order', partitions: 4 }] });
  const client = new Kafka({ brokers: kafka.brokers });
  await kafka.kill(); // what it has acknowledged is there again after
  await kafka.restart();
  await kafka.stop();
  return client;
}

/** For specs that lose replies. */
export async function cut(): Promise<void> {
  const own = await startKafka({ ephemeral: { proxied: true }, ignoreBrokers: true });
  own.proxy?.lose({ command: 'Produce', times: 1, by: 'closing' }); // stored, and its producer never hears of it
}

/** `broker.mjs` of the guide to Kafka. */
export async function served(): Promise<void> {
  const broker = await startKafka({ persistent: { root: process.cwd() } }); // kept in .data/kafka
  console.log(`KAFKA_BROKERS=${broker.brokers.join(',')}`);
  setInterval(() => undefined, 60_000); // the broker ends with this process: Ctrl+C
}

/** One broker for the run, which ends with it. */
export async function setup(): Promise<() => Promise<void>> {
  const broker = await startKafka({ ephemeral: {}, ignoreBrokers: true });
  process.env['KAFKA_BROKERS'] = broker.brokers.join(',');
  return () => broker.stop();
}
