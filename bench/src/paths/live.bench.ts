import { commitDocument } from '../domain/commit-documents.js';
import { startEngine } from '../domain/engine.js';
import type { BenchContext } from '../harness/context.js';
import { compare, type BenchResult } from '../harness/result.js';
import { alternate } from '../harness/rounds.js';
import { percentile } from '../harness/statistics.js';
import { watchArrivals } from './arrivals.js';
import { startLiveTwin } from './live-twin.js';
import { openCounter } from './send-one.js';

const PER_SECOND = 500;

/** Append → visible in a read model at 500/s, beside a raw change stream that writes the same transaction. */
export async function liveBench({ store, storeDatabase, raw, quick }: BenchContext): Promise<BenchResult[]> {
  const seconds = quick ? 2 : 8;
  const engine = await startEngine(store);
  const twin = await startLiveTwin(raw.client, raw.collection('commits'), raw.collection('counter_view'));
  try {
    await engine.settled({ timeoutMs: 20_000 });
    const model = await engine.collection();
    const ours = await watchArrivals(storeDatabase.collection(model));
    const theirs = await watchArrivals(raw.collection('counter_view'));
    const commits = raw.collection('commits');
    const measured = await alternate(
      'live',
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
    await ours.close();
    await theirs.close();
    const at = (side: 'ours' | 'twin', share: number): number => percentile(measured[side].flat(), share);
    return [
      compare('live.p50', at('ours', 0.5), at('twin', 0.5), 'ms'),
      compare('live.p99', at('ours', 0.99), at('twin', 0.99), 'ms'),
    ];
  } finally {
    await twin.stop();
    await engine.stop();
  }
}
