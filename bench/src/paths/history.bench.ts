import { fillHistory } from '../domain/history.js';
import type { BenchContext } from '../harness/context.js';
import { compare, type BenchResult } from '../harness/result.js';
import { say } from '../harness/report.js';
import { alternate } from '../harness/rounds.js';
import { median } from '../harness/statistics.js';

/** Draining the log in time order, beside a raw cursor over the same index. */
export async function historyBench({ store, storeDatabase, quick }: BenchContext): Promise<BenchResult[]> {
  const events = quick ? 40_000 : 200_000;
  say('history', `filling in ${events} events`);
  await fillHistory(storeDatabase, events);

  const ours = async (): Promise<number> => {
    const now = await store.feed.now();
    const started = performance.now();
    let seen = 0;
    for await (const commits of store.feed.history({ before: now, asOf: now })) {
      for (const commit of commits) seen += commit.events.length;
    }
    return rate(seen, started);
  };
  const twin = async (): Promise<number> => {
    const started = performance.now();
    let seen = 0;
    const cursor = storeDatabase
      .collection('commits')
      .find({}, { readConcern: { level: 'majority' }, batchSize: 2000 })
      .sort({ ts: 1 });
    for await (const document of cursor) seen += (document['e'] as unknown[]).length;
    return rate(seen, started);
  };
  const measured = await alternate('history', 3, ours, twin);
  return [compare('history', median(measured.ours), median(measured.twin), 'events/s')];

  function rate(seen: number, started: number): number {
    if (seen < events) throw new Error(`Only ${seen} of ${events} events were drained.`);
    return (seen * 1000) / (performance.now() - started);
  }
}
