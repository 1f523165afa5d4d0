import { Backlog } from '../domain/backlog.js';
import { COUNTERS, type BenchBroker } from '../domain/broker.js';
import { startEngine } from '../domain/engine.js';
import type { BenchContext } from '../harness/context.js';
import { CountedTransport } from '../harness/counted-transport.js';
import { Gate } from '../harness/gate.js';
import { gatedStore } from '../harness/gated-store.js';
import { compare, type BenchResult } from '../harness/result.js';
import { alternate } from '../harness/rounds.js';
import { median } from '../harness/statistics.js';
import { RawRelay } from './raw-relay.js';

const COUNT = 1_000;
/** What the store's feed keeps for one who does not take it. */
const READ_AHEAD = 16_384;

/** A backlog of the live feed to a topic, beside a raw change stream and `sendBatch`. */
export async function kafkaRelay(
  { store, storeDatabase, raw, quick }: BenchContext,
  broker: BenchBroker,
): Promise<BenchResult[]> {
  const events = quick ? 20_000 : 50_000;
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
        await twin.readAhead(READ_AHEAD);
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
