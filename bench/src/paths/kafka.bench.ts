import { setTimeout as sleep } from 'node:timers/promises';
import { Backlog } from '../domain/backlog.js';
import { COUNTERS, fromTopic, startBroker, type BenchBroker } from '../domain/broker.js';
import { startEngine } from '../domain/engine.js';
import { openContext, type BenchContext } from '../harness/context.js';
import { CountedTransport } from '../harness/counted-transport.js';
import { Gate } from '../harness/gate.js';
import { gatedStore } from '../harness/gated-store.js';
import { compare, type BenchResult } from '../harness/result.js';
import { alternate } from '../harness/rounds.js';
import { median } from '../harness/statistics.js';
import { kafkaLive } from './kafka-live.js';
import { RawRelay } from './raw-relay.js';
import { RawTopic } from './raw-topic.js';
import { drainTransactionally } from './transactional-twin.js';

const COUNT = 1_000;

/** The store's commits on their way through a broker: to a topic, from there into documents, and both together. */
export async function kafkaBench(context: BenchContext): Promise<BenchResult[]> {
  const broker = await startBroker();
  const results: BenchResult[] = [];
  try {
    for (const part of [relayed, subscribed, kafkaLive]) {
      // Each has a store of its own: what was appended for one would go through the topics of the next.
      const own = await openContext(context, context);
      try {
        results.push(...(await part(own, broker)));
      } finally {
        await own.close();
      }
    }
    return results;
  } finally {
    await broker.stop();
  }
}

/** A backlog of the live feed to a topic, beside a raw change stream and `sendBatch`. */
async function relayed(
  { store, storeDatabase, raw, quick }: BenchContext,
  broker: BenchBroker,
): Promise<BenchResult[]> {
  const events = quick ? 20_000 : 100_000;
  const commits = raw.collection('commits');
  await raw.createCollection('commits');
  const [own, theirs] = [new Backlog(storeDatabase.collection('commits'), COUNT), new Backlog(commits, COUNT)];
  const transport = new CountedTransport(await broker.transport('relay', 1));
  await broker.transport('relay-raw', 1);
  const gate = new Gate();
  const engine = await startEngine(gatedStore(store, gate), [], { transport: transport.connection, roles: ['relay'] });
  const twin = await RawRelay.open(broker.client(), `relay-raw.${COUNTERS}`, commits);
  try {
    const opened = transport.acknowledges(COUNT);
    await Promise.all([own.open(), theirs.open(), opened, twin.run(COUNT)]);
    const measured = await alternate(
      'kafka.relay',
      quick ? 2 : 3,
      async () => {
        gate.shut();
        await own.add(events);
        const sent = transport.acknowledges(events);
        const started = performance.now();
        gate.open();
        await sent;
        return (events * 1_000) / (performance.now() - started);
      },
      async () => {
        await theirs.add(events);
        const started = performance.now();
        await twin.run(events);
        return (events * 1_000) / (performance.now() - started);
      },
    );
    return [compare('kafka.relay', median(measured.ours), median(measured.twin), 'events/s')];
  } finally {
    gate.open();
    await engine.stop();
    await twin.close();
  }
}

/** A backlog of a topic through one transactional projection, beside raw `eachBatch` with the same fold, writes and transactions. */
async function subscribed(
  { store, storeDatabase, raw, quick }: BenchContext,
  broker: BenchBroker,
): Promise<BenchResult[]> {
  const events = quick ? 20_000 : 100_000;
  const counters = events / 10;
  const view = raw.collection('counter_view');
  await Promise.all(['commits', 'counter_view', 'checkpoints', 'watermarks'].map((name) => raw.createCollection(name)));
  // Our watermarks have it too.
  await raw.collection('watermarks').createIndex({ '_id.g': 1, 'w.s': 1, '_id.t': -1 });
  await view.insertMany(
    Array.from({ length: counters }, (_, index) => ({
      _id: `b${index}` as never,
      label: 'bench',
      total: 0,
      changes: 0,
    })),
  );
  const own = new Backlog(storeDatabase.collection('commits'), counters);
  const theirs = new Backlog(raw.collection('commits'), counters);
  const gate = new Gate();
  const relay = new CountedTransport(await broker.transport('topic', 1));
  await broker.transport('topic-raw', 1);
  const filling = await startEngine(store, [], { transport: relay.connection, roles: ['relay'] });
  const reading = new CountedTransport(await broker.transport('topic', 1), gate);
  const engine = await startEngine(store, [fromTopic], { transport: reading.connection });
  const rawRelay = await RawRelay.open(broker.client(), `topic-raw.${COUNTERS}`, raw.collection('commits'));
  const twin = await RawTopic.open(broker.client(), `topic-raw.${COUNTERS}`);
  /** Stores events, and waits until all of them are in the topic, and known to be. */
  const fill = async (more: number, storing: () => Promise<void>): Promise<void> => {
    const sent = relay.acknowledges(more);
    await Promise.all([storing(), sent]);
    while ((await engine.engine.relayStatuses())[0]?.lagEvents !== 0) await sleep(20);
  };
  try {
    await fill(counters, () => own.open());
    await engine.settled({ timeoutMs: 60_000 });
    const measured = await alternate(
      'kafka.subscription',
      quick ? 2 : 3,
      async () => {
        gate.shut();
        await fill(events, () => own.add(events));
        const started = performance.now();
        gate.open();
        await engine.settled({ timeoutMs: 120_000 });
        return (events * 1_000) / (performance.now() - started);
      },
      async () => {
        await theirs.add(events);
        await rawRelay.run(events);
        const started = performance.now();
        await drainTransactionally(twin, view, events);
        return (events * 1_000) / (performance.now() - started);
      },
    );
    return [compare('kafka.subscription', median(measured.ours), median(measured.twin), 'events/s')];
  } finally {
    gate.open();
    await Promise.all([twin.close(), rawRelay.close(), engine.stop(), filling.stop()]);
  }
}
