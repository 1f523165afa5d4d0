import { counterOf, isFeedHistoryLost, secondsOf, type Commit, type LiveCommit } from '@nestfold/core';
import { startMongo, type MongoServer } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOf } from '../../test/catching-up.js';
import { killCursors } from '../../test/kill-cursors.js';
import { openRig, type Rig } from '../../test/read-side.rig.js';

const STREAMS = 2_500;

describe('the log as it was at one moment', () => {
  let server: MongoServer;
  let rig: Rig;

  beforeAll(async () => {
    server = await startMongo({ ignoreUri: true, ephemeral: {} });
    rig = await openRig({ uri: server.uri, database: 'recent' });
  });

  afterAll(async () => {
    await rig.close();
    await server.stop();
  });

  // Read at majority instead of as of that moment: the commit that was held came in the third page, or in the one after a lost cursor.
  it('has nothing that became visible later, also where it is older, and where the cursor is lost on the way [F-1]', async () => {
    const after = await rig.feed.now();
    const half = STREAMS / 2;
    const add = async (from: number): Promise<void> => {
      for (let first = from; first < from + half; first += 50)
        await Promise.all(Array.from({ length: 50 }, (_, index) => rig.append(`bulk-${first + index}`, 1)));
    };
    await add(0);
    const session = rig.context.client.startSession();
    session.startTransaction();
    await rig.append('held-1', 1, { session });
    await add(half);
    const asOf = await rig.feed.now();
    const taken: Commit[] = [];
    let killed = 0;
    for await (const page of rig.feed.recent({ after, asOf })) {
      taken.push(...page);
      if (session.inTransaction()) await session.commitTransaction();
      if (killed === 0) killed = await killCursors(rig.context);
    }
    await session.endSession();
    expect(killed).toBeGreaterThan(0);
    expect(taken).toHaveLength(STREAMS);
    expect(new Set(taken.map(placeOf)).size).toBe(STREAMS);
    expect(taken.some(({ stream }) => stream === 'held-1')).toBe(false);
    // Who follows from that moment on gets it.
    const live = rig.feed.subscribe({ at: asOf });
    const { commits } = await live.next({ max: 10, waitMs: 10_000 });
    expect(commits.map(({ commit }) => commit.stream)).toEqual(['held-1']);
    await live.close();
  });

  // Begun one step behind that moment, the feed told that step as read, at which a transaction was committed afterwards: who waited for it was told too soon.
  it('is followed by a feed that tells nothing as read which becomes visible later [F-1]', async () => {
    const session = rig.context.client.startSession();
    let closest = false;
    for (let version = 1; !closest && version <= 20; version += 1) {
      session.startTransaction();
      await rig.append('behind-1', version, { session });
      // Its time is taken already: the next one is that of its end.
      await rig.context.db.collection('others').insertOne({});
      const at = await rig.feed.now();
      const live = rig.feed.subscribe({ at });
      const { position } = await live.next({ max: 1, waitMs: 0 });
      await session.commitTransaction();
      const { commits } = await live.next({ max: 1, waitMs: 10_000 });
      expect(commits.map(({ commit }) => commit.firstVersion)).toEqual([version]);
      const { visibleAt } = commits[0]!;
      expect(visibleAt > position.time).toBe(true);
      closest = secondsOf(visibleAt) === secondsOf(at) && counterOf(visibleAt) === counterOf(at) + 1;
      await live.close();
    }
    await session.endSession();
    // The server itself writes now and then.
    expect(closest).toBe(true);
  });

  it('says so when the server no longer knows it', async () => {
    const { db, client } = rig.context;
    const after = await rig.feed.now();
    await rig.append('old-1', 1);
    const asOf = await rig.feed.now();
    await client.db('admin').command({ setParameter: 1, minSnapshotHistoryWindowInSeconds: 0 });
    const read = async (): Promise<number> => {
      let count = 0;
      for await (const page of rig.feed.recent({ after, asOf })) count += page.length;
      return count;
    };
    let rounds = 0;
    const outcome = async (): Promise<unknown> => {
      rounds += 1;
      await rig.append(`young-${rounds}`, 1);
      await client.db('admin').command({ fsync: 1 });
      return read().catch((error: unknown) => error);
    };
    await expect.poll(outcome, { timeout: 20_000, interval: 100 }).toSatisfy(isFeedHistoryLost);
    expect(await db.collection('commits').countDocuments({ '_id.s': 'old-1' })).toBe(1);
  });

  // Told as the server tells it (SnapshotUnavailable, 246), a projection that was just going live stopped for good.
  it('says so when the server was restarted meanwhile [F-1]', async () => {
    const after = await rig.feed.now();
    await rig.append('kept-1', 1);
    const asOf = await rig.feed.now();
    await rig.append('kept-2', 1);
    await server.kill(0, 'SIGTERM');
    await server.restart(0);
    const read = async (): Promise<void> => {
      for await (const page of rig.feed.recent({ after, asOf })) expect(page).toHaveLength(0);
    };
    await expect(read()).rejects.toSatisfy(isFeedHistoryLost);
    // The way back.
    const live = rig.feed.subscribe({ at: after });
    const commits: LiveCommit[] = [];
    for (let batches = 0; commits.length < 2 && batches < 5; batches += 1)
      commits.push(...(await live.next({ max: 10, waitMs: 10_000 })).commits);
    expect(commits.map(({ commit }) => commit.stream)).toEqual(['kept-1', 'kept-2']);
    await live.close();
  });
});
