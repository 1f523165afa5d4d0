import {
  lastVersionOf,
  silentLogger,
  sliceOf,
  systemEnvironment,
  type ChangeFeed,
  type Commit,
  type StoreConnection,
  type StoreTime,
} from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { mongo } from '@nestfold/mongodb';
import { MongoClient, Timestamp, UUID, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withHorizon } from '../fixtures/altered-store.fixture.js';
import { passed } from '../fixtures/engines.fixture.js';
import { AuditNoted, OrderPlaced } from '../fixtures/shop.fixture.js';
import { append, fact, log } from '../fixtures/store.fixture.js';
import { Follower } from './follower.js';
import { isLateCommit } from './following.errors.js';
import { beginning } from './store-clock.js';

/** Longer than any transaction of this test is held, so short that a follower of this test goes through history. */
const HORIZON_SECONDS = 8;
const HELD_MS = 3_000;
const WRITING_MS = 16_000;

const database = testDatabase('hand-over');
let store: StoreConnection;
let client: MongoClient;
let template: Document;

beforeAll(async () => {
  store = await mongo({ uri: database.uri, database: database.name }).connect({
    environment: systemEnvironment,
    logger: silentLogger,
  });
  client = await MongoClient.connect(database.uri, { directConnection: true });
  await append(store, 'order-template', fact(OrderPlaced, { orderId: 'template', customerId: 'c', total: 1 }));
  template = (await client.db(database.name).collection('commits').findOne({ '_id.s': 'order-template' }))!;
});

afterAll(async () => {
  await client.close();
  await store.close();
  await database.drop();
});

/** Stores a commit in a transaction that is held open after the insert: its store time is old when it becomes visible. */
async function appendHeld(
  stream: string,
  hold: () => Promise<unknown> = () => systemEnvironment.sleep(HELD_MS),
): Promise<void> {
  const session = client.startSession();
  try {
    session.startTransaction({ readConcern: { level: 'majority' }, writeConcern: { w: 'majority', j: true } });
    await client
      .db(database.name)
      .collection<Document & { _id: unknown }>('commits')
      .insertOne(
        { ...template, _id: { s: stream, v: 1 }, ts: new Timestamp({ t: 0, i: 0 }), h: sliceOf(stream), c: new UUID() },
        { session },
      );
    await hold();
    await session.commitTransaction();
  } finally {
    await session.endSession();
  }
}

/** Follows until it is told to end, from one moment of the test on. */
async function follow(
  feed: ChangeFeed,
  ends: () => StoreTime | undefined,
  onLive: () => void = () => undefined,
): Promise<readonly Commit[]> {
  const got: Commit[] = [];
  const follower = new Follower({
    feed,
    environment: systemEnvironment,
    logger: silentLogger,
    types: ['order.placed'],
    position: beginning(await feed.now(), feed.horizonSeconds),
    floor: undefined,
    watermarks: () => Promise.resolve(new Map()),
    late: 'stop',
  });
  try {
    for (;;) {
      const end = ends();
      const { deliveries, position } = await follower.next();
      got.push(...deliveries.map(({ commit }) => commit));
      if (position.phase === 'live') onLive();
      if (end !== undefined && position.phase === 'live' && position.feed !== undefined && position.feed.time >= end)
        return got;
    }
  } finally {
    await follower.close();
  }
}

/** What many systems do, to show that this test can tell: everything that is newer than the newest seen, as often as possible. */
async function poll(feed: ChangeFeed, ends: () => StoreTime | undefined): Promise<readonly Commit[]> {
  const got: Commit[] = [];
  for (;;) {
    const end = ends();
    const after = got.at(-1)?.time;
    const now = await feed.now();
    for await (const commits of feed.history({
      before: 'ffffffffffffffff',
      asOf: now,
      types: ['order.placed'],
      ...(after !== undefined && { after }),
    }))
      got.push(...commits);
    if (end !== undefined) return got;
    await systemEnvironment.sleep(10);
  }
}

const keyOf = ({ stream, firstVersion }: Commit): string => `${stream}:${firstVersion}`;

function faultsOf(
  got: readonly Commit[],
  all: readonly Commit[],
): { missing: number; doubled: number; misordered: number } {
  const seen = new Set(got.map(keyOf));
  const versions = new Map<string, number>();
  let misordered = 0;
  for (const commit of got) {
    if (commit.firstVersion !== (versions.get(commit.stream) ?? 0) + 1) misordered += 1;
    versions.set(commit.stream, lastVersionOf(commit));
  }
  return {
    missing: all.filter((commit) => !seen.has(keyOf(commit))).length,
    doubled: got.length - seen.size,
    misordered,
  };
}

/*
 * That this can fail is shown by the poller beside the followers, which must miss commits. The protections one by one are taken away in
 * `follower.spec.ts`, on a feed whose every moment is scripted: dropping what history had, the feed that opens at the horizon and not now,
 * the watch for commits that an earlier round should have held, the floor and the watermarks of a re-entry.
 */
describe('Follower on MongoDB', () => {
  it(
    'hands over from history to the live feed without loss or repetition, while inserts are held open and others go on [F-1, F-5]',
    { timeout: 120_000 },
    async () => {
      const { feed } = withHorizon(store, HORIZON_SECONDS);
      const ended: { at?: StoreTime } = {};
      const ends = (): StoreTime | undefined => ended.at;
      const until = Date.now() + WRITING_MS;
      const held: Promise<void>[] = [];
      const writers = [0, 1, 2, 3].map(async (writer) => {
        for (let n = 0; Date.now() < until; n += 1) {
          await append(
            store,
            `order-${writer}-${n % 20}`,
            fact(OrderPlaced, { orderId: 'x', customerId: 'c', total: n }),
          );
          if (n % 5 === 0) await append(store, `audit-${writer}`, fact(AuditNoted, { text: '' }));
          await systemEnvironment.sleep(10);
        }
      });
      const holding = (async () => {
        for (let n = 0; Date.now() < until - HELD_MS; n += 1) {
          held.push(appendHeld(`order-held-${n}`));
          await systemEnvironment.sleep(250);
        }
      })();
      const naive = poll(store.feed, ends);
      const followers: Promise<readonly Commit[]>[] = [];
      for (let n = 0; n < 12; n += 1) {
        await passed(store, 1);
        followers.push(follow(feed, ends));
      }
      await Promise.all([...writers, holding]);
      await Promise.all(held);
      ended.at = await store.feed.now();
      const all = (await log(store)).filter(({ events }) => events.some(({ type }) => type === 'order.placed'));
      for (const got of await Promise.all(followers))
        expect(faultsOf(got, all)).toEqual({ missing: 0, doubled: 0, misordered: 0 });
      expect(faultsOf(await naive, all).missing).toBeGreaterThan(0);
    },
  );

  // With the feed begun where the round did, behind the moment of the read before it, this commit was in neither.
  it('takes what is the latest of a quiet store', async () => {
    const { feed } = withHorizon(store, HORIZON_SECONDS);
    for (let n = 0; n < 3; n += 1) {
      await append(store, `order-latest-${n}`, fact(OrderPlaced, { orderId: 'x', customerId: 'c', total: n }));
      const end = await store.feed.now();
      const got = await follow(feed, () => end);
      expect(got.map(({ stream }) => stream)).toContain(`order-latest-${n}`);
    }
  });

  it(
    'stops loudly when a commit becomes visible after the history that should have held it [F-2]',
    { timeout: 60_000 },
    async () => {
      // A horizon that the held transaction oversteps.
      const { feed } = withHorizon(store, 1);
      let isLive = (): void => undefined;
      const live = new Promise<void>((resolve) => (isLive = resolve));
      let followed: Promise<unknown> = Promise.resolve();
      await appendHeld('order-late', async () => {
        await passed(store, 3);
        followed = follow(feed, () => undefined, isLive).catch((error: unknown) => error);
        await live;
      });
      expect(await followed).toSatisfy(isLateCommit);
    },
  );
});
