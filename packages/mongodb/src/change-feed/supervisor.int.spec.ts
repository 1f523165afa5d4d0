import { randomUUID } from 'node:crypto';
import { minusSeconds, silentLogger, type FeedSubscription, type LiveCommit, type Logger } from '@nestfold/core';
import { type MongoServer, startMongo, Stopwatch } from '@nestfold/dev-stack';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRig, type Rig } from '../../test/read-side.rig.js';
import { SERVER_FILLED } from '../event-store/commit-document.js';

/** Takes until so many came; fails when they do not. */
async function take(feed: FeedSubscription, count: number, limitMs = 30_000): Promise<LiveCommit[]> {
  const commits: LiveCommit[] = [];
  const until = Date.now() + limitMs;
  while (commits.length < count) {
    if (Date.now() > until) throw new Error(`Only ${commits.length} of ${count} commits came.`);
    commits.push(...(await feed.next({ max: 100, waitMs: 200 })).commits);
  }
  return commits;
}

const versionsOf = (commits: readonly LiveCommit[]): number[] => commits.map(({ commit }) => commit.firstVersion);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Kills the cursors of a client's change streams, as an operator or a restart of a router does. */
async function killStreams(admin: MongoClient, database: string, appName: string): Promise<number> {
  const found = await admin
    .db('admin')
    .aggregate<{
      cursor: { cursorId: unknown };
      appName?: string;
      clientMetadata?: { application?: { name?: string } };
    }>([{ $currentOp: { idleCursors: true, allUsers: true } }, { $match: { 'cursor.tailable': true } }])
    .toArray();
  const ids = found
    .filter((one) => (one.appName ?? one.clientMetadata?.application?.name) === appName)
    .map(({ cursor }) => cursor.cursorId);
  if (ids.length > 0) await admin.db(database).command({ killCursors: '$cmd.aggregate', cursors: ids });
  return ids.length;
}

describe('the supervisor of the shared stream', () => {
  const database = { name: 'supervisor' };
  let server: MongoServer;
  let rig: Rig;
  let admin: MongoClient;
  const appName = randomUUID();
  // The error below is a lost primary to the driver; that there is one it learns from the next heartbeat only.
  const client = { appName, heartbeatFrequencyMS: 500 };
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };

  beforeAll(async () => {
    // A server has one `failCommand` at a time: on the shared one another file would take it away.
    server = await startMongo({ ephemeral: {}, ignoreUri: true });
    rig = await openRig({ uri: server.uri, database: database.name, client, logger });
    admin = await new MongoClient(server.uri).connect();
  });

  afterAll(async () => {
    await rig.close();
    await admin.close();
    await server.stop();
  });

  it('goes on without a gap when its cursor is killed, again and again', async () => {
    const feed = rig.feed.subscribe({ at: await rig.feed.now() });
    await feed.next({ max: 1, waitMs: 0 });
    const commits: LiveCommit[] = [];
    for (let round = 0; round < 10; round += 1) {
      for (let version = round * 10 + 1; version <= round * 10 + 10; version += 1)
        await rig.append('order-killed', version);
      // The server lists a cursor only at some moments.
      const killed = expect.poll(() => killStreams(admin, database.name, appName), { interval: 1, timeout: 10_000 });
      await killed.toBeGreaterThan(0);
      commits.push(...(await take(feed, 10)));
    }
    expect(versionsOf(commits)).toEqual(upTo(100));
    await feed.close();
  });

  // The driver resumes once by itself. Without the supervisor the shared stream ended at the second error in a row.
  it('opens the stream again when the driver gives up', async () => {
    const feed = rig.feed.subscribe({ at: await rig.feed.now() });
    await feed.next({ max: 1, waitMs: 0 });
    warnings.length = 0;
    await admin.db('admin').command({
      configureFailPoint: 'failCommand',
      mode: { times: 6 },
      data: { failCommands: ['getMore', 'aggregate'], errorCode: 91, closeConnection: false, appName },
    });
    for (const version of upTo(20)) await rig.append('order-failing', version);
    expect(versionsOf(await take(feed, 20))).toEqual(upTo(20));
    expect(warnings.length).toBeGreaterThan(0);
    await feed.close();
  });

  it('drops fence rows, which are inserted and deleted in one transaction', async () => {
    const feed = rig.feed.subscribe({ at: await rig.feed.now() });
    await rig.append('order-fenced', 1);
    const commits = rig.context.db.collection<{ _id: { s: string; v: number } }>('commits');
    await rig.context.client.withSession((session) =>
      session.withTransaction(async () => {
        await commits.insertOne({ _id: { s: 'order-fenced', v: 2 } }, { session });
        await rig.append('order-other', 1, { session });
        await commits.deleteOne({ _id: { s: 'order-fenced', v: 2 } }, { session });
      }),
    );
    await rig.append('order-fenced', 2);
    const taken = await take(feed, 3);
    expect(taken.map(({ commit }) => `${commit.stream}:${commit.firstVersion}`)).toEqual([
      'order-fenced:1',
      'order-other:1',
      'order-fenced:2',
    ]);
    await feed.close();
  });

  it('delivers the commits of one transaction together, also to who joins between them', async () => {
    const start = await rig.feed.now();
    const feed = rig.feed.subscribe({ at: start });
    await rig.context.client.withSession((session) =>
      session.withTransaction(async () => {
        for (const version of upTo(5)) await rig.append('order-together', version, { session });
      }),
    );
    const commits = await take(feed, 5);
    expect(new Set(commits.map(({ visibleAt }) => visibleAt)).size).toBe(1);
    for (const [index, { position }] of commits.slice(0, 4).entries()) {
      const joiner = rig.feed.subscribe({ after: position });
      expect(versionsOf(await take(joiner, 4 - index))).toEqual(upTo(5).slice(index + 1));
      await joiner.close();
    }
    await feed.close();
  });

  it('notices at once what another process changes in the registry', async () => {
    let heard = 0;
    const stop = rig.generations.onChange(() => (heard += 1));
    await expect.poll(() => heard, { timeout: 10_000 }).toBeGreaterThan(0);
    const before = heard;
    const watch = Stopwatch.start();
    await admin.db(database.name).collection('nestfold.projections').insertOne({ numbers: 0 });
    await expect.poll(() => heard, { interval: 5 }).toBeGreaterThan(before);
    expect(watch.stop()).toBeLessThan(1_500);
    stop();
  });
});

describe('a feed of three nodes', () => {
  let server: MongoServer;
  let rig: Rig;

  beforeAll(async () => {
    server = await startMongo({ ignoreUri: true, ephemeral: { nodes: 3 } });
    rig = await openRig({ uri: server.uri, database: 'step_down' });
  });

  afterAll(async () => {
    await rig.close();
    await server.stop();
  });

  it('goes on without a gap when the primary steps down, again and again', async () => {
    const feed = rig.feed.subscribe({ at: await rig.feed.now() });
    await feed.next({ max: 1, waitMs: 0 });
    const following = take(feed, 400, 60_000);
    for (const version of upTo(400)) {
      await rig.append('order-1', version);
      if (version % 130 === 0) {
        await rig.context.client
          .db('admin')
          .command({ replSetStepDown: 5, secondaryCatchUpPeriodSecs: 3, force: true })
          .catch(() => undefined);
      }
    }
    expect(versionsOf(await following)).toEqual(upTo(400));
    await feed.close();
  }, 120_000);

  // Read without the majority, history held a commit that could still be rolled back.
  it('delivers in history and live what a majority has, and nothing before [F-7]', async () => {
    const primary = await server.primary();
    const secondaries = await Promise.all(
      server.nodes
        .filter((_node, index) => index !== primary)
        .map(({ port }) => new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`).connect()),
    );
    const applying = async (mode: string): Promise<void> => {
      for (const secondary of secondaries)
        await secondary.db('admin').command({ configureFailPoint: 'rsSyncApplyStop', mode });
    };
    const commits = rig.context.db.collection('commits', { writeConcern: { w: 1 } });
    const { _id: _former, ...document } = (await commits.findOne({}))!;
    const feed = rig.feed.subscribe({ at: await rig.feed.now() });
    await feed.next({ max: 1, waitMs: 0 });
    const asOf = await rig.feed.now();
    await applying('alwaysOn');
    try {
      await commits.insertOne({ ...document, _id: { s: 'order-minority', v: 1 } as never, ts: SERVER_FILLED });
      const range = { after: asOf, before: minusSeconds(asOf, -60), asOf };
      for await (const page of rig.feed.history(range)) expect(page).toEqual([]);
      expect((await feed.next({ max: 10, waitMs: 500 })).commits).toEqual([]);
    } finally {
      await applying('off');
      for (const secondary of secondaries) await secondary.close();
    }
    expect((await take(feed, 1))[0]?.commit.stream).toBe('order-minority');
    await feed.close();
  });

  // Left to the driver it took 10 s and more: before it resumes it asks the dead server to end the cursor.
  it('goes on soon after the primary was killed', async () => {
    const feed = rig.feed.subscribe({ at: await rig.feed.now() });
    await rig.append('order-killed', 1);
    await take(feed, 1);
    const primary = (await server.primary())!;
    await server.kill(primary);
    await expect.poll(() => rig.append('order-killed', 2).then(() => true), { timeout: 20_000 }).toBe(true);
    const watch = Stopwatch.start();
    expect(versionsOf(await take(feed, 1))).toEqual([2]);
    expect(watch.stop()).toBeLessThan(6_000);
    await server.restart(primary);
    await feed.close();
  }, 60_000);
});
