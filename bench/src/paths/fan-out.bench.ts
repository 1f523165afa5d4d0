import { setTimeout as sleep } from 'node:timers/promises';
import { counterOf, secondsOf, type StoreConnection, type StoreTime } from '@nestfold/core';
import { Timestamp } from 'mongodb';
import { Backlog } from '../domain/backlog.js';
import { counterProjections } from '../domain/counter-projections.js';
import { startEngine } from '../domain/engine.js';
import type { BenchContext } from '../harness/context.js';
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
 * One stream that feeds ten followers in one process, beside one raw drain that does nothing with what it reads (`fanout.10`); ten projections that each
 * fold and write all of it while it is stored, beside the same drain (`fanout.10.projections`, without a target); and the latency of ten projections beside that of one.
 */
export async function fanOutBench(context: BenchContext): Promise<BenchResult[]> {
  return [...(await throughput(context)), await latency(context)];
}

async function throughput({ store, reopen, storeDatabase, raw, quick }: BenchContext): Promise<BenchResult[]> {
  const events = quick ? 20_000 : 100_000;
  const rounds = quick ? 2 : 3;
  const commits = raw.collection('commits');
  await raw.createCollection('commits');
  await commits.createIndex({ ts: 1 });
  const theirs = new Backlog(commits, COUNTERS);
  await theirs.open();
  const own = new Backlog(storeDatabase.collection('commits'), COUNTERS);
  await own.open();

  const feed = await alternate(
    'fanout.10',
    rounds,
    async () => {
      const at = await store.feed.now();
      await own.add(events);
      // A process of its own: what was open before has read all of it by now.
      const fresh = await reopen({});
      try {
        return await followed(fresh, at, events);
      } finally {
        await fresh.close();
      }
    },
    async () => {
      const at = await store.feed.now();
      await theirs.add(events);
      const started = performance.now();
      await drained(await RawFeed.open(commits, 1000, timestampOf(at)), events);
      return rateSince(started, events);
    },
  );
  const fewer = events / 5;
  const engine = await startEngine(store, counterProjections(PROJECTIONS));
  try {
    await engine.settled({ timeoutMs: 120_000 });
    const whole = await alternate(
      'fanout.10.projections',
      rounds,
      async () => {
        const started = performance.now();
        await own.add(fewer);
        await engine.settled({ timeoutMs: 300_000 });
        return rateSince(started, fewer);
      },
      async () => {
        const drain = await RawFeed.open(commits, 1000);
        const started = performance.now();
        await Promise.all([theirs.add(fewer), drained(drain, fewer)]);
        return rateSince(started, fewer);
      },
    );
    return [
      compare('fanout.10', median(feed.ours), median(feed.twin), 'events/s'),
      compare('fanout.10.projections', median(whole.ours), median(whole.twin), 'events/s'),
    ];
  } finally {
    await engine.stop();
  }
}

function timestampOf(time: StoreTime): Timestamp {
  return new Timestamp({ t: secondsOf(time), i: counterOf(time) });
}

function rateSince(started: number, events: number): number {
  return (events * 1000) / (performance.now() - started);
}

/** From the first question to the last commit of the last follower. */
async function followed(store: StoreConnection, at: StoreTime, events: number): Promise<number> {
  const started = performance.now();
  const subscriptions = Array.from({ length: PROJECTIONS }, () => store.feed.subscribe({ at }));
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

async function latency({ store, quick }: BenchContext): Promise<BenchResult> {
  const seconds = quick ? 2 : 8;
  const measure = (count: number) => async () => {
    await ready(store);
    return measureCommits({ store, projections: counterProjections(count), perSecond: PER_SECOND, seconds });
  };
  const measured = await alternate('fanout.10.latency', quick ? 1 : 2, measure(PROJECTIONS), measure(1));
  const p50 = (all: number[][]): number => percentile(all.flat(), 0.5);
  return compare('fanout.10.latency', p50(measured.ours), p50(measured.twin), 'ms');
}

/** What the run before left to the database is not to count. */
async function ready(store: StoreConnection): Promise<void> {
  await sleep(500);
  await store.ping();
}
