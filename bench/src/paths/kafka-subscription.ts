import { setTimeout as sleep } from 'node:timers/promises';
import { Backlog } from '../domain/backlog.js';
import { COUNTERS, fromTopic, type BenchBroker } from '../domain/broker.js';
import { startEngine } from '../domain/engine.js';
import type { BenchContext } from '../harness/context.js';
import { CountedTransport } from '../harness/counted-transport.js';
import { Gate } from '../harness/gate.js';
import { compare, type BenchResult } from '../harness/result.js';
import { alternate } from '../harness/rounds.js';
import { median } from '../harness/statistics.js';
import { RawRelay } from './raw-relay.js';
import { RawTopic } from './raw-topic.js';
import { drainTransactionally } from './transactional-twin.js';

const PATIENCE_MS = 60_000;

/** A backlog of a topic through one transactional projection, beside raw `eachBatch` with the same fold, writes and transactions. */
export async function kafkaSubscription(
  { store, storeDatabase, raw, quick }: BenchContext,
  broker: BenchBroker,
): Promise<BenchResult[]> {
  const events = quick ? 20_000 : 50_000;
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
    for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(20))
      if ((await engine.engine.relayStatuses())[0]?.lagEvents === 0) return;
    throw new Error('The relay does not save its place.');
  };
  try {
    await fill(counters, () => own.open());
    await engine.settled({ timeoutMs: 60_000 });
    const measured = await alternate(
      'kafka.subscription',
      quick ? 2 : 5,
      async () => {
        gate.shut();
        // Counted from here: a read that is behind the gate already is still given what comes while it waits.
        const read = reading.reads(events);
        read.catch(() => undefined);
        await fill(events, () => own.add(events));
        const started = performance.now();
        gate.open();
        // What asks the store and the broker how far it is would be measured with it: so that is asked when little is left.
        await read;
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
