import 'reflect-metadata';
import { join, resolve } from 'node:path';
import { startKafka, startMongo } from '@nestfold/dev-stack';
import { loadConfig, type ShopConfig } from '@shop/platform';
import { arrivalLines, showArrival } from './show-arrival.js';
import { rejection, startTogether, type Together } from './start-together.js';

const PREFIX = 'shop';
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const opened: (() => Promise<unknown>)[] = [];
const stop = new AbortController();
const asked = new Promise<void>((done) => {
  const stopping = (): void => {
    say('Stopping …');
    stop.abort();
    done();
  };
  process.once('SIGINT', stopping).once('SIGTERM', stopping);
});

try {
  await run(loadConfig(process.env));
} catch (error) {
  if (!stop.signal.aborted) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
} finally {
  // What stands on something ends before it: the programs, the broker, the database.
  for (const close of opened.reverse()) await close().catch((error: unknown) => say(String(error)));
  say('Stopped.');
}

async function run({ dataFolder, port, seed }: ShopConfig): Promise<void> {
  const root = resolve(dataFolder);
  say('starting MongoDB and Kafka …');
  const mongo = await startMongo({ persistent: { root, folder: join(root, 'mongo') } });
  opened.push(() => mongo.stop());
  const kafka = await startKafka({ persistent: { root, folder: join(root, 'kafka') } });
  opened.push(() => kafka.stop());
  const together = await startTogether({
    mongodbUri: mongo.uri,
    shopDatabase: 'shop',
    analyticsDatabase: 'analytics',
    brokers: kafka.brokers,
    prefix: PREFIX,
    dataFolder: root,
    ports: { shop: port, analytics: port + 1, relay: port + 2 },
    seed,
    say,
    wanted: stop.signal,
  });
  opened.push(() => together.stop());
  for (const line of addresses(together, kafka.brokers)) say(line);
  // What is to stay empty gets no order either.
  const shown = seed ? showArrival(together).then((arrival) => arrivalLines(arrival).forEach(say)) : asked;
  const broken = rejection(together.broken);
  await Promise.race([asked, broken, shown]);
  await Promise.race([asked, broken]);
}

function addresses({ shop, relay, analytics }: Together, brokers: readonly string[]): readonly string[] {
  return [
    '',
    `  ${'shop'.padEnd(11)} ${shop}/docs`,
    `  analytics   ${analytics}/docs   what it knows it has from Kafka: /analytics/hourly, daily, recent, customers/<id>`,
    `  rebuild     POST ${analytics}/admin/projections/activity-figures/rebuild   role admin`,
    `  relay       ${relay}/admin/relays   role admin: how far it is behind`,
    `  Kafka       ${brokers.join(', ')}   topic ${PREFIX}.activity`,
    '',
  ];
}
