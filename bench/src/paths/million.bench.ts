import { setTimeout as sleep } from 'node:timers/promises';
import { loadavg } from 'node:os';
import { secondsOf, type StoreConnection } from '@nestfold/core';
import { defaultSettings, projectionDefinitionOf, type ProjectionDefinition } from '@nestfold/projections';
import type { Db } from 'mongodb';
import { CounterTotalProjection } from '../domain/counter-by-stream.js';
import { CounterProjection } from '../domain/counter.js';
import { startEngine } from '../domain/engine.js';
import { fillHistory } from '../domain/history.js';
import type { BenchContext } from '../harness/context.js';
import { say } from '../harness/report.js';
import { alone, compare, type BenchResult } from '../harness/result.js';
import { alternate } from '../harness/rounds.js';
import { median } from '../harness/statistics.js';
import { rawLoad } from './million-twin.js';
import { rawRebuild } from './rebuild.bench.js';

const EVENTS_EACH = 10;

/**
 * A million events over a hundred thousand one-stream documents, rebuilt from the request to the swap: on worker threads stream by stream, and by one
 * ordered reader; each beside a raw twin, with as many threads.
 */
export async function millionBench(context: BenchContext): Promise<BenchResult[]> {
  const { store, storeDatabase, horizonSeconds, raw, uri, quick } = context;
  const events = quick ? 100_000 : 1_000_000;
  say('million', `filling in ${events} events`);
  await fillHistory(storeDatabase, events);
  const filled = secondsOf(await store.feed.now());
  while (secondsOf(await store.feed.now()) <= filled + horizonSeconds) await sleep(100);
  const rounds = quick ? 1 : 2;
  const threads = defaultSettings.loadThreads;
  const names = { source: storeDatabase.databaseName, target: raw.databaseName };
  const sides = [
    {
      key: 'rebuild.parallel',
      definition: projectionDefinitionOf(CounterTotalProjection),
      twin: () => rawLoad({ uri, ...names }, threads, events),
    },
    {
      key: 'rebuild.single',
      definition: projectionDefinitionOf(CounterProjection),
      twin: () => rawRebuild(storeDatabase, raw, events),
    },
  ];
  const results: BenchResult[] = [];
  for (const { key, definition, twin } of sides) {
    const engine = await startEngine(store, [definition]);
    try {
      await engine.settled({ timeoutMs: 600_000 });
      let rss = 0;
      const ours = async (): Promise<number> => {
        const started = performance.now();
        rss = Math.max(rss, await rebuilt(engine.engine, definition.name));
        const rate = (events * 1000) / (performance.now() - started);
        await insistOnAll(store, storeDatabase, definition, events);
        return rate;
      };
      // The first build has warmed ours, and rounds of this length the twin.
      const measured = await alternate(key, rounds, ours, twin, { warm: true });
      say(key, `load average ${loadavg()[0]?.toFixed(1)}`);
      results.push(compare(key, median(measured.ours), median(measured.twin), 'events/s'));
      results.push(alone(`${key}.memory`, rss / 1e6, 'MB'));
    } finally {
      await engine.stop();
    }
  }
  return results;
}

/** Rebuilds, and answers how much memory the process took meanwhile, its threads included. */
async function rebuilt(engine: Awaited<ReturnType<typeof startEngine>>['engine'], name: string): Promise<number> {
  const { id } = await engine.rebuild(name, 'bench');
  for (let rss = 0; ; await sleep(20)) {
    rss = Math.max(rss, process.memoryUsage().rss);
    const status = await engine.rebuildStatus(id);
    if (status?.state === 'done') return rss;
    if (status?.state !== 'running') throw new Error(`The rebuild ended as ${status?.state}.`);
  }
}

/** What one reader of the whole history would have made, known without one: each counter has gone up by one, but for its first event. */
async function insistOnAll(
  { generations }: StoreConnection,
  database: Db,
  { name, version }: ProjectionDefinition,
  events: number,
): Promise<void> {
  const entry = await generations.entry(name, version);
  const live = (await generations.generations(name, version)).find(({ number }) => number === entry?.live);
  const [collection] = Object.values(live?.collections ?? {});
  const whole = { label: 'bench', total: EVENTS_EACH - 1, changes: EVENTS_EACH - 1 };
  const right = await database.collection(collection ?? '').countDocuments(whole);
  if (right !== events / EVENTS_EACH) throw new Error(`${right} of ${events / EVENTS_EACH} documents are right.`);
}
