import { COUNTERS, fromTopic, type BenchBroker } from '../domain/broker.js';
import { commitDocument } from '../domain/commit-documents.js';
import { startEngine } from '../domain/engine.js';
import type { BenchContext } from '../harness/context.js';
import { compare, type BenchResult } from '../harness/result.js';
import { alternate } from '../harness/rounds.js';
import { percentile } from '../harness/statistics.js';
import { watchArrivals } from './arrivals.js';
import { writeLive } from './live-twin.js';
import { RawRelay } from './raw-relay.js';
import { RawTopic } from './raw-topic.js';
import { openCounter } from './send-one.js';

const PER_SECOND = 500;

/** Append → relay → topic → visible in a read model at 500/s, beside the same way by hand. */
export async function kafkaLive(
  { store, storeDatabase, raw, quick }: BenchContext,
  broker: BenchBroker,
): Promise<BenchResult[]> {
  const seconds = quick ? 2 : 8;
  const commits = raw.collection('commits');
  await raw.createCollection('commits');
  const transport = await broker.transport('live', 1);
  await broker.transport('live-raw', 1);
  const engine = await startEngine(store, [fromTopic], { transport, roles: ['relay', 'projections'] });
  const relay = await RawRelay.open(broker.client(), `live-raw.${COUNTERS}`, commits);
  const topic = await RawTopic.open(broker.client(), `live-raw.${COUNTERS}`);
  const twin = await writeLive(topic, raw.client, raw.collection('counter_view'));
  let isOver = false;
  const relaying = relay.run(Infinity, () => isOver);
  try {
    await engine.settled({ timeoutMs: 20_000 });
    const ours = await watchArrivals(storeDatabase.collection(await engine.collection()));
    const theirs = await watchArrivals(raw.collection('counter_view'));
    const measured = await alternate(
      'kafka.live',
      quick ? 2 : 3,
      () =>
        ours.measure(PER_SECOND, seconds, async (id) => {
          await openCounter(store, id);
        }),
      () =>
        theirs.measure(PER_SECOND, seconds, async (id) => {
          const document = commitDocument(`counter-${id}`, 1, 'bench.opened', { counterId: id, label: 'live' });
          await commits.insertOne(document as never, { writeConcern: { w: 'majority', j: true } });
        }),
    );
    await Promise.all([ours.close(), theirs.close()]);
    const at = (side: 'ours' | 'twin', share: number): number => percentile(measured[side].flat(), share);
    return [
      compare('kafka.live.p50', at('ours', 0.5), at('twin', 0.5), 'ms'),
      compare('kafka.live.p99', at('ours', 0.99), at('twin', 0.99), 'ms'),
    ];
  } finally {
    isOver = true;
    await relaying;
    await twin.stop();
    await Promise.all([relay.close(), topic.close(), engine.stop()]);
  }
}
