import { setTimeout as sleep } from 'node:timers/promises';
import { secondsOf } from '@nestfold/core';
import { projectionDefinitionOf, type ProjectionEngine } from '@nestfold/projections';
import { CounterTotalProjection } from '../domain/counter-by-stream.js';
import { startEngine } from '../domain/engine.js';
import { fillHistory } from '../domain/history.js';
import type { BenchContext } from '../harness/context.js';
import { alone, compare, type BenchResult } from '../harness/result.js';
import { say } from '../harness/report.js';
import { differencesBetween } from './generations-differ.js';
import { startTraffic, type Traffic } from './traffic.js';

const LABEL = 'rebuild.under-load';
const PROJECTION = 'counter-totals';
const EVENTS_A_COUNTER = 10;

/** A parallel rebuild, its swap and its rollback under 200 reads and 500 writes a second, beside a rebuild alone and the same traffic without one. */
export async function rebuildUnderLoadBench({
  store,
  storeDatabase,
  horizonSeconds,
  quick,
}: BenchContext): Promise<BenchResult[]> {
  const events = quick ? 50_000 : 500_000;
  say(LABEL, `filling in ${events} events`);
  await fillHistory(storeDatabase, events);
  const { engine, settled, stop } = await startEngine(store, [projectionDefinitionOf(CounterTotalProjection)]);
  try {
    await settled({ timeoutMs: 300_000 });
    const filled = secondsOf(await store.feed.now());
    while (secondsOf(await store.feed.now()) <= filled + horizonSeconds) await sleep(100);
    say(LABEL, 'a rebuild alone');
    const aloneMs = await rebuild(engine);
    const traffic = startTraffic({ store, engine, projection: PROJECTION, counters: events / EVENTS_A_COUNTER });
    try {
      return await underLoad({ engine, settled, traffic, events, aloneMs, quick, database: storeDatabase });
    } finally {
      await traffic.stop();
    }
  } finally {
    await stop();
  }
}

interface UnderLoad {
  readonly engine: ProjectionEngine;
  readonly settled: (options: { timeoutMs: number }) => Promise<void>;
  readonly traffic: Traffic;
  readonly events: number;
  readonly aloneMs: number;
  readonly quick: boolean;
  readonly database: BenchContext['storeDatabase'];
}

async function underLoad(options: UnderLoad): Promise<BenchResult[]> {
  const { engine, settled, traffic, events, aloneMs, quick, database } = options;
  const calm = quick ? 2_000 : 8_000;
  say(LABEL, 'traffic alone');
  await sleep(1_000);
  traffic.takeLags();
  await sleep(calm);
  const before = traffic.takeLags();
  say(LABEL, 'a rebuild under traffic');
  const former = await traffic.collectionName();
  const loadedMs = await rebuild(engine);
  await sleep(calm);
  const during = traffic.takeLags();
  const rebuilt = await traffic.collectionName();

  say(LABEL, 'the rollback');
  const seen = traffic.visible();
  const started = performance.now();
  await engine.rollback(PROJECTION, 'bench');
  while ((await traffic.collectionName()) !== former && performance.now() - started < 10_000) await sleep(1);
  // Until readers see it.
  const rollbackMs = performance.now() - started;
  const stale = await traffic.countStale(seen);
  if (rebuilt === former || (await traffic.collectionName()) !== former)
    throw new Error('The pointer did not move there and back.');
  await sleep(calm / 2);
  const { reads, writes, seconds, errors, halfBuilt } = await traffic.stop();
  await settled({ timeoutMs: 60_000 });
  // The one that is not live any more is fed to the same place, within a moment.
  await sleep(2_000);
  const different = await differencesBetween(database, former, rebuilt);
  say(LABEL, `${reads} reads and ${writes} writes; first errors: ${errors.slice(0, 3).join('; ') || 'none'}`);
  return [
    compare(LABEL, (events * 1000) / loadedMs, (events * 1000) / aloneMs, 'events/s'),
    alone(`${LABEL}.reads`, reads / seconds, '/s'),
    alone(`${LABEL}.writes`, writes / seconds, '/s'),
    alone(`${LABEL}.errors`, errors.length, 'errors'),
    alone(`${LABEL}.half-built`, halfBuilt, 'reads'),
    compare(`${LABEL}.lag`, Math.max(...during), Math.max(...before), 'ms, the longest'),
    alone(`${LABEL}.rollback`, rollbackMs, 'ms'),
    alone(`${LABEL}.stale`, stale, 'documents'),
    alone(`${LABEL}.different`, different, 'documents'),
  ];
}

async function rebuild(engine: ProjectionEngine): Promise<number> {
  const started = performance.now();
  const { id } = await engine.rebuild(PROJECTION, 'bench');
  for (;;) {
    const status = await engine.rebuildStatus(id);
    if (status?.state === 'done') return performance.now() - started;
    if (status?.state !== 'running') throw new Error(`The rebuild ended as ${status?.state}.`);
    await sleep(10);
  }
}
