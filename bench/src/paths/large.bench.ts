import { statfs } from 'node:fs/promises';
import { AggregateRepository, systemEnvironment, type StoreConnection } from '@nestfold/core';
import type { Db } from 'mongodb';
import { Counter, types } from '../domain/counter.js';
import { DISK_BYTES_AN_EVENT, fillLarge, LONG_STREAMS, type LargeStore } from '../domain/large-store.js';
import { openContext, type BenchContext } from '../harness/context.js';
import { compare, type BenchResult } from '../harness/result.js';
import { say } from '../harness/report.js';
import { alternate, closedLoop } from '../harness/rounds.js';
import { median, percentile } from '../harness/statistics.js';
import { appendOne } from './append.bench.js';

const SMALL = 100_000;
/** The streams that are loaded again and again, as active ones are. */
const ACTIVE = 100;
const GIB = 2 ** 30;

/** Appends and loads on a large store, beside the same on one of 100,000 events on the same server: here the twin is ours, only smaller. */
export async function largeBench(context: BenchContext): Promise<BenchResult[]> {
  await checkRoom(context);
  const small = await openContext(context, context);
  try {
    const ours = await fill(context, context.events);
    const twin = await fill(small, SMALL);
    return await measure(ours, twin, context.quick);
  } finally {
    await small.close();
  }
}

/** A filled store, and the loads of it. */
interface Filled {
  readonly store: StoreConnection;
  readonly streams: LargeStore;
  load(id: string): Promise<void>;
}

async function checkRoom({ dataFolder, events }: BenchContext): Promise<void> {
  const needed = (events * DISK_BYTES_AN_EVENT) / GIB;
  if (dataFolder === undefined) return;
  const { bavail, bsize } = await statfs(dataFolder);
  const free = (bavail * bsize) / GIB;
  say('large', `${events} events need about ${needed.toFixed(1)} GiB of disk; ${free.toFixed(1)} GiB are free`);
  if (free < 2 * needed) throw new Error('Too little disk for that many events: say fewer by --events.');
}

async function fill({ store, storeDatabase }: BenchContext, events: number): Promise<Filled> {
  const started = performance.now();
  const streams = await fillLarge(storeDatabase, events, (stored) =>
    say('large', `${stored} of ${events} events stored`),
  );
  await flush(storeDatabase);
  const { storageSize, totalIndexSize, count } = (await storeDatabase.command({ collStats: 'commits' })) as Record<
    'storageSize' | 'totalIndexSize' | 'count',
    number
  >;
  const seconds = (performance.now() - started) / 1000;
  say(
    'large',
    `${events} events in ${count} commits, stored in ${seconds.toFixed(0)} s: ${(storageSize / GIB).toFixed(2)} GiB and ${(totalIndexSize / GIB).toFixed(2)} GiB of indexes`,
  );
  const repository = new AggregateRepository(Counter, {
    events: store.events,
    snapshots: store.snapshots,
    types,
    environment: systemEnvironment,
  });
  return {
    store,
    streams,
    load: async (id) => {
      const loaded = await repository.load(id);
      if (loaded === undefined || loaded.state.changes + 1 !== loaded.version)
        throw new Error(`A load of ${id} answered no state, or not all of it.`);
    },
  };
}

/** What the filling left in memory is not to be written while something is measured. */
async function flush(database: Db): Promise<void> {
  await database.admin().command({ fsync: 1 });
}

async function measure(ours: Filled, twin: Filled, quick: boolean): Promise<BenchResult[]> {
  const milliseconds = quick ? 500 : 3_000;
  const rounds = quick ? 2 : 7;
  const results: BenchResult[] = [];
  const compared = async (key: string, unit: string, run: (filled: Filled) => Promise<number>): Promise<void> => {
    const measured = await alternate(
      key,
      rounds,
      () => run(ours),
      () => run(twin),
    );
    results.push(compare(key, median(measured.ours), median(measured.twin), unit));
  };
  const loads = (times: number, next: (filled: Filled, index: number) => string) => async (filled: Filled) => {
    const started = performance.now();
    for (let index = 0; index < times; index += 1) await filled.load(next(filled, index));
    return (performance.now() - started) / times;
  };
  await compared('large.append.1.p50', 'ms', async ({ store }) =>
    percentile((await closedLoop(1, milliseconds, () => appendOne(store))).latencies, 0.5),
  );
  await compared(
    'large.append.512',
    '/s',
    async ({ store }) => (await closedLoop(512, milliseconds, () => appendOne(store))).perSecond,
  );
  await compared(
    'large.load.10',
    'ms',
    loads(quick ? 200 : 1_000, ({ streams }, index) => {
      const step = Math.floor(streams.counters / ACTIVE) || 1;
      return streams.counterOf(((index % ACTIVE) * step) % streams.counters);
    }),
  );
  await compared(
    'large.load.1000',
    'ms',
    loads(quick ? 20 : 100, ({ streams }, index) => streams.longCounterOf(index % LONG_STREAMS)),
  );
  // Streams that nobody has touched for long, so not in the server's cache: told, without a target.
  await compared(
    'large.load.10.cold',
    'ms',
    loads(quick ? 100 : 500, ({ streams }) => streams.counterOf(Math.floor(Math.random() * streams.counters))),
  );
  return results;
}
