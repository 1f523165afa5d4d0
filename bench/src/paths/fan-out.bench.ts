import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreConnection } from '@nestfold/core';
import type { Collection } from 'mongodb';
import { Backlog } from '../domain/backlog.js';
import { counterProjections } from '../domain/counter-projections.js';
import { startEngine } from '../domain/engine.js';
import type { BenchContext } from '../harness/context.js';
import { Gate } from '../harness/gate.js';
import { gatedStore } from '../harness/gated-store.js';
import { compare, type BenchResult } from '../harness/result.js';
import { alternate } from '../harness/rounds.js';
import { median, percentile } from '../harness/statistics.js';
import { measureCommits } from './commit-latency.js';
import { RawFeed } from './raw-feed.js';

const PROJECTIONS = 10;
/** So few that the writes of a batch weigh little: what is measured is one stream that feeds ten, not ten writers. */
const COUNTERS = 200;
const PER_SECOND = 500;

/**
 * The feed of one process, beside one raw drain that does nothing with what it reads: handed to ten followers (`fanout.10.feed`), and to ten projections
 * that each fold and write all of it (`fanout.10`). And the latency of ten projections beside that of one.
 */
export async function fanOutBench(context: BenchContext): Promise<BenchResult[]> {
  return [...(await throughput(context)), await latency(context)];
}

async function throughput({ store, storeDatabase, raw, quick }: BenchContext): Promise<BenchResult[]> {
  const events = quick ? 20_000 : 100_000;
  const rounds = quick ? 2 : 3;
  const commits = raw.collection('commits');
  await raw.createCollection('commits');
  await commits.createIndex({ ts: 1 });
  const theirs = new Backlog(commits, COUNTERS);
  await theirs.open();
  const own = new Backlog(storeDatabase.collection('commits'), COUNTERS);
  await own.open();
  const twin = () => drained(theirs, commits, events);

  const feed = await alternate('fanout.10.feed', rounds, () => followed(own, store, events), twin);
  const gate = new Gate();
  const engine = await startEngine(gatedStore(store, gate), counterProjections(PROJECTIONS));
  try {
    await engine.settled({ timeoutMs: 120_000 });
    const projected = async (): Promise<number> => {
      gate.shut();
      await own.add(events);
      const started = performance.now();
      gate.open();
      await engine.settled({ timeoutMs: 300_000 });
      return (events * 1000) / (performance.now() - started);
    };
    const whole = await alternate('fanout.10', rounds, projected, twin);
    return [
      compare('fanout.10.feed', median(feed.ours), median(feed.twin), 'events/s'),
      compare('fanout.10', median(whole.ours), median(whole.twin), 'events/s'),
    ];
  } finally {
    gate.open();
    await engine.stop();
  }
}

async function followed(backlog: Backlog, store: StoreConnection, events: number): Promise<number> {
  const now = await store.feed.now();
  const subscriptions = Array.from({ length: PROJECTIONS }, () => store.feed.subscribe({ at: now }));
  await Promise.all(subscriptions.map((one) => one.next({ max: 1, waitMs: 100 })));
  await backlog.add(events);
  const started = performance.now();
  await Promise.all(
    subscriptions.map(async (one) => {
      for (let seen = 0; seen < events;) {
        for (const { commit } of (await one.next({ max: 1000, waitMs: 500 })).commits) seen += commit.events.length;
      }
    }),
  );
  const rate = (events * 1000) / (performance.now() - started);
  await Promise.all(subscriptions.map((one) => one.close()));
  return rate;
}

async function drained(backlog: Backlog, commits: Collection, events: number): Promise<number> {
  const feed = await RawFeed.open(commits, 1000);
  await backlog.add(events);
  const started = performance.now();
  for (let seen = 0; seen < events;) {
    for (const { fullDocument } of (await feed.next()).changes) seen += (fullDocument as { e: unknown[] }).e.length;
  }
  const rate = (events * 1000) / (performance.now() - started);
  await feed.close();
  return rate;
}

async function latency({ store, quick }: BenchContext): Promise<BenchResult> {
  const seconds = quick ? 2 : 8;
  const measure = (count: number) => async () => {
    await ready(store);
    return measureCommits({ store, projections: counterProjections(count), perSecond: PER_SECOND, seconds });
  };
  const measured = await alternate('fanout.10.latency', quick ? 1 : 3, measure(PROJECTIONS), measure(1));
  const p50 = (all: number[][]): number => percentile(all.flat(), 0.5);
  return compare('fanout.10.latency', p50(measured.ours), p50(measured.twin), 'ms');
}

/** What the run before left to the database is not to count. */
async function ready(store: StoreConnection): Promise<void> {
  await sleep(500);
  await store.ping();
}
