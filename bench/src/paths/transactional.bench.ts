import { Backlog } from '../domain/backlog.js';
import { startEngine } from '../domain/engine.js';
import type { BenchContext } from '../harness/context.js';
import { Gate } from '../harness/gate.js';
import { gatedStore } from '../harness/gated-store.js';
import { compare, type BenchResult } from '../harness/result.js';
import { alternate } from '../harness/rounds.js';
import { median } from '../harness/statistics.js';
import { RawFeed } from './raw-feed.js';
import { drainTransactionally } from './transactional-twin.js';

/** A backlog of the live feed through one transactional projection, beside a raw change stream with the same fold, writes and transactions. */
export async function transactionalBench({ store, storeDatabase, raw, quick }: BenchContext): Promise<BenchResult[]> {
  const events = quick ? 20_000 : 100_000;
  const counters = events / 10;
  const commits = raw.collection('commits');
  const view = raw.collection('counter_view');
  await Promise.all(['commits', 'counter_view', 'checkpoints', 'watermarks'].map((name) => raw.createCollection(name)));
  await commits.createIndex({ ts: 1 });
  // Our watermarks have it too.
  await raw.collection('watermarks').createIndex({ '_id.g': 1, 'w.s': 1, '_id.t': -1 });
  const theirs = new Backlog(commits, counters);
  await theirs.open();
  await view.insertMany(
    Array.from({ length: counters }, (_, index) => ({
      _id: `b${index}` as never,
      label: 'bench',
      total: 0,
      changes: 0,
    })),
  );
  const own = new Backlog(storeDatabase.collection('commits'), counters);
  await own.open();
  const gate = new Gate();
  const engine = await startEngine(gatedStore(store, gate));
  try {
    await engine.settled({ timeoutMs: 60_000 });
    const ours = async (): Promise<number> => {
      gate.shut();
      await own.add(events);
      const started = performance.now();
      gate.open();
      await engine.settled({ timeoutMs: 120_000 });
      return (events * 1000) / (performance.now() - started);
    };
    const twin = async (): Promise<number> => {
      const feed = await RawFeed.open(commits, 1000);
      await theirs.add(events);
      const started = performance.now();
      await drainTransactionally(feed, view, events);
      const rate = (events * 1000) / (performance.now() - started);
      await feed.close();
      return rate;
    };
    const measured = await alternate('transactional', quick ? 2 : 3, ours, twin);
    return [compare('transactional', median(measured.ours), median(measured.twin), 'events/s')];
  } finally {
    gate.open();
    await engine.stop();
  }
}
