import { isStoreUnavailable, type Commit } from '@nestfold/core';
import { type MongoServer, startMongo, Stopwatch } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOf } from '../../test/catching-up.js';
import { killCursors } from '../../test/kill-cursors.js';
import { openRig, type Rig } from '../../test/read-side.rig.js';

describe('a feed on a server that stops answering', () => {
  let server: MongoServer;
  let rig: Rig;

  beforeAll(async () => {
    server = await startMongo({ ignoreUri: true, ephemeral: {} });
    rig = await openRig({ uri: server.uri, database: 'interruption' });
  });

  afterAll(async () => {
    await rig.close();
    await server.stop();
  });

  const signal = (name: 'SIGSTOP' | 'SIGCONT'): boolean => process.kill(server.nodes[0]!.pid!, name);

  // Without the look at how long an answer is owed, `next` answered with nothing for as long as the machine stood still.
  it('tells its subscribers in time, and goes on where they stood when it answers again', async () => {
    const feed = await rig.openFeed({ outageMs: 1_000 });
    const start = await feed.now();
    const shared = feed.subscribe({ at: start });
    await rig.append('order-1', 1);
    const { position, commits } = await shared.next({ max: 10, waitMs: 5_000 });
    expect(commits).toHaveLength(1);
    signal('SIGSTOP');
    try {
      const watch = Stopwatch.start();
      const error: unknown = await (async () => {
        for (;;) await shared.next({ max: 10, waitMs: 100 });
      })().catch((thrown: unknown) => thrown);
      expect(isStoreUnavailable(error)).toBe(true);
      expect(watch.stop()).toBeLessThan(6_000);
      const late = feed.subscribe({ after: position });
      const lateError: unknown = await (async () => {
        for (;;) await late.next({ max: 10, waitMs: 100 });
      })().catch((thrown: unknown) => thrown);
      expect(isStoreUnavailable(lateError)).toBe(true);
      void late.close();
      void shared.close();
    } finally {
      signal('SIGCONT');
    }
    await rig.append('order-1', 2);
    const again = feed.subscribe({ after: position });
    const taken = await again.next({ max: 10, waitMs: 10_000 });
    expect(taken.commits.map(({ commit }) => commit.firstVersion)).toEqual([2]);
    await again.close();
    await feed.close();
  });

  it('reads history on behind what was delivered when its cursor is gone', async () => {
    const before = await rig.feed.now();
    for (let version = 1; version <= 2_500; version += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => rig.append(`bulk-${version + index}`, 1)));
    }
    const asOf = await rig.feed.now();
    const taken: Commit[] = [];
    let killed = 0;
    for await (const page of rig.feed.history({ after: before, before: asOf, asOf })) {
      taken.push(...page);
      if (killed < 3 && (await killCursors(rig.context)) > 0) killed += 1;
    }
    expect(killed).toBeGreaterThan(0);
    expect(taken).toHaveLength(2_500);
    expect(new Set(taken.map(placeOf)).size).toBe(2_500);
  });
});
