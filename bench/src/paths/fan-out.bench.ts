import { setTimeout as sleep } from 'node:timers/promises';
import { counterOf, secondsOf, type StoreConnection, type StoreTime } from '@nestfold/core';
import { Timestamp, type Collection } from 'mongodb';
import { Backlog } from '../domain/backlog.js';
import { counterProjections } from '../domain/counter-projections.js';
import { startEngine } from '../domain/engine.js';
import type { BenchContext } from '../harness/context.js';
import { compare, type BenchResult } from '../harness/result.js';
import { alternate } from '../harness/rounds.js';
import { median, percentile } from '../harness/statistics.js';
import { measureCommits } from './commit-latency.js';
import { RawFeed } from './raw-feed.js';

const FOLLOWERS = 10;
/** So few that the writes of a batch weigh little: what is measured is one stream that feeds ten, not ten writers. */
const COUNTERS = 200;
const PER_SECOND = 500;

/** The same events, stored for us and for the twin. */
interface Logs {
  readonly own: Backlog;
  readonly theirs: Backlog;
  readonly commits: Collection;
}

/**
 * One stream that feeds ten followers in one process, beside one raw drain that does nothing with what it reads (`fanout.10`); ten projections that each
 * fold and write all of it while it is stored, beside the same drain (`fanout.10.projections`, without a target); and the latency of ten projections beside
 * that of one. The followers come last: what they read would else be the projections' to catch up with.
 */
export async function fanOutBench(context: BenchContext): Promise<BenchResult[]> {
  const { raw, storeDatabase } = context;
  const commits = await raw.createCollection('commits');
  await commits.createIndex({ ts: 1 });
  const own = new Backlog(storeDatabase.collection('commits'), COUNTERS);
  const theirs = new Backlog(commits, COUNTERS);
  await Promise.all([own.open(), theirs.open()]);
  const logs = { own, theirs, commits };
  const written = await projections(context, logs);
  const waited = await latency(context);
  return [await followers(context, logs), written, waited];
}

async function followers({ store, reopen, quick }: BenchContext, { own, theirs, commits }: Logs): Promise<BenchResult> {
  const events = quick ? 20_000 : 60_000;
  const ours = async (): Promise<number> => {
    const at = await store.feed.now();
    await own.add(events);
    // A process of its own: what was open before has read all of it by now.
    const fresh = await reopen({});
    try {
      return await followed(fresh, at, events);
    } finally {
      await fresh.close();
    }
  };
  const twin = async (): Promise<number> => {
    const at = await store.feed.now();
    await theirs.add(events);
    const started = performance.now();
    await drained(await RawFeed.open(commits, 1000, timestampOf(at)), events);
    return rateSince(started, events);
  };
  const measured = await alternate('fanout.10', quick ? 2 : 3, ours, twin);
  return compare('fanout.10', median(measured.ours), median(measured.twin), 'events/s');
}

async function projections({ store, quick }: BenchContext, { own, theirs, commits }: Logs): Promise<BenchResult> {
  const events = quick ? 5_000 : 15_000;
  const engine = await startEngine(store, counterProjections(FOLLOWERS));
  const ours = async (): Promise<number> => {
    const started = performance.now();
    await own.add(events);
    await engine.settled({ timeoutMs: 120_000 });
    return rateSince(started, events);
  };
  const twin = async (): Promise<number> => {
    const drain = await RawFeed.open(commits, 1000);
    const started = performance.now();
    await Promise.all([theirs.add(events), drained(drain, events)]);
    return rateSince(started, events);
  };
  try {
    await engine.settled({ timeoutMs: 120_000 });
    const measured = await alternate('fanout.10.projections', quick ? 2 : 3, ours, twin);
    return compare('fanout.10.projections', median(measured.ours), median(measured.twin), 'events/s');
  } finally {
    await engine.stop();
  }
}

async function latency({ store, quick }: BenchContext): Promise<BenchResult> {
  const seconds = quick ? 2 : 8;
  const measure = (count: number) => async () => {
    // What the run before left to the database is not to count.
    await sleep(500);
    return measureCommits({ store, projections: counterProjections(count), perSecond: PER_SECOND, seconds });
  };
  const measured = await alternate('fanout.10.latency', quick ? 1 : 2, measure(FOLLOWERS), measure(1));
  const p50 = (all: number[][]): number => percentile(all.flat(), 0.5);
  return compare('fanout.10.latency', p50(measured.ours), p50(measured.twin), 'ms');
}

/** From the first question to the last commit of the last follower. */
async function followed(store: StoreConnection, at: StoreTime, events: number): Promise<number> {
  const started = performance.now();
  const subscriptions = Array.from({ length: FOLLOWERS }, () => store.feed.subscribe({ at }));
  await Promise.all(
    subscriptions.map(async (one) => {
      for (let seen = 0; seen < events;) {
        for (const { commit } of (await one.next({ max: 1000, waitMs: 500 })).commits) seen += commit.events.length;
      }
    }),
  );
  const rate = rateSince(started, events);
  await Promise.all(subscriptions.map((one) => one.close()));
  return rate;
}

async function drained(feed: RawFeed, events: number): Promise<void> {
  for (let seen = 0; seen < events;) {
    for (const { fullDocument } of (await feed.next()).changes) seen += (fullDocument as { e: unknown[] }).e.length;
  }
  await feed.close();
}

function timestampOf(time: StoreTime): Timestamp {
  return new Timestamp({ t: secondsOf(time), i: counterOf(time) });
}

function rateSince(started: number, events: number): number {
  return (events * 1000) / (performance.now() - started);
}
