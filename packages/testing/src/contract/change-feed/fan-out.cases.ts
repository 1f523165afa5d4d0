import { minusSeconds, secondsOf, storeTime, type Commit, type StoreConnection, type StreamName } from '@nestfold/core';
import { expect } from 'vitest';
import { fact, type ContractContext } from '../contract-case.js';
import { awaitedLater, expectRefusal } from '../outcome.js';
import { append } from '../sample-append.js';
import { expectNothing, follow, placeOf, subscribed, versionsOf, type Followed } from './following.js';

async function appendRounds(store: StoreConnection, streams: readonly StreamName[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await Promise.all(streams.map((name) => append(store, name, 'any')));
}

/** History up to a horizon, then the live feed from it, dropping what history had: as a consumer catches up. */
async function catchUp(
  context: ContractContext,
  store: StoreConnection,
  streams: readonly StreamName[],
  count: number,
  horizonSeconds: number,
): Promise<Commit[]> {
  const began = await store.feed.now();
  const horizon = minusSeconds(began, horizonSeconds);
  const wanted = new Set(streams);
  const taken: Commit[] = [];
  for await (const page of store.feed.history({ before: horizon, asOf: began }))
    taken.push(...page.filter((one) => wanted.has(one.stream)));
  await subscribed(store, { at: horizon }, async (feed) => {
    const deadline = performance.now() + context.fixture.patienceMs;
    while (taken.length < count && performance.now() < deadline) {
      const batch = await feed.next({ max: 50, waitMs: 50 });
      for (const { commit, visibleAt } of batch.commits) {
        if (wanted.has(commit.stream) && !(commit.time < horizon && visibleAt <= began)) taken.push(commit);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expectNothing(context, feed, streams);
  });
  return taken;
}

/** What holds for several followers, for slow ones, and for those that come late. */
export const fanOutCases = [
  fact('delivers everything to followers that come at different moments', async (context) => {
    const { store, stream } = context;
    const streams = Array.from({ length: 5 }, () => stream());
    const followed: Promise<Followed>[] = [];
    for (let joiner = 0; joiner < 4; joiner += 1) {
      const start = await store.feed.now();
      const count = 5 * 10 * (4 - joiner);
      const following = subscribed(store, { at: start }, (feed) => follow(context, feed, streams, count));
      followed.push(awaitedLater(following));
      await appendRounds(store, streams, 10);
    }
    for (const [joiner, { commits: live }] of (await Promise.all(followed)).entries()) {
      const commits = live.map(({ commit }) => commit);
      for (const name of streams) {
        expect(versionsOf(commits, name)).toEqual(
          Array.from({ length: 10 * (4 - joiner) }, (_, index) => 10 * joiner + index + 1),
        );
      }
    }
  }),

  fact(
    'lets a follower that does not read hold up nobody, and gives it everything when it reads [F-8]',
    async (context) => {
      const { store, stream } = context;
      const streams = Array.from({ length: 500 }, () => stream());
      const start = await store.feed.now();
      await subscribed(store, { at: start }, async (slow) => {
        await slow.next({ max: 1, waitMs: 0 });
        await subscribed(store, { at: start }, async (quick) => {
          const quickly = awaitedLater(follow(context, quick, streams, 2000));
          await appendRounds(store, streams, 4);
          const { commits } = await quickly;
          expect(new Set(commits.map(({ commit }) => placeOf(commit))).size).toBe(2000);
        });
        const late = (await follow(context, slow, streams, 2000)).commits.map(({ commit }) => commit);
        expect(new Set(late.map(placeOf)).size).toBe(2000);
        for (const name of streams) expect(versionsOf(late, name)).toEqual([1, 2, 3, 4]);
        await expectNothing(context, slow, streams);
      });
    },
  ),

  fact('meets history at the horizon with every commit once, while others write', async (context) => {
    const { store, connect, fixture, stream } = context;
    const streams = Array.from({ length: 8 }, () => stream());
    await appendRounds(store, streams, 5);
    await fixture.elapse(3000);
    await appendRounds(store, streams, 5);
    const writing = awaitedLater(appendRounds(await connect(), streams, 10));
    const commits = await catchUp(context, store, streams, 8 * 20, 1);
    await writing;
    expect(commits).toHaveLength(8 * 20);
    for (const name of streams)
      expect(versionsOf(commits, name)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  }),

  fact('says how much of the past a follower may still begin in', async ({ store, fixture, stream }) => {
    await append(store, stream(), 'any');
    await fixture.elapse(2_000);
    const before = await store.feed.reach();
    expect(before?.seconds).toBeGreaterThanOrEqual(1);
    const oldest = secondsOf(await store.feed.now()) - (before?.seconds ?? 0) + 1;
    expect(await store.feed.reaches(storeTime(oldest, 0))).toBe(true);
    if (fixture.liveHistory === 'kept') return;
    await fixture.liveHistory.lose();
    expect(await store.feed.reach()).toMatchObject({ isWhole: false });
  }),

  fact("says that a follower's start is lost instead of leaving something out, or loses none", async (context) => {
    const { store, fixture, stream } = context;
    const name = stream();
    const start = await store.feed.now();
    await append(store, name, 'any');
    const { position } = await subscribed(store, { at: start }, (feed) => follow(context, feed, [name], 1));
    await append(store, name, 'any');

    if (fixture.liveHistory === 'kept') {
      expect(await store.feed.reaches(start)).toBe(true);
      const { commits } = await subscribed(store, { after: position }, (feed) => follow(context, feed, [name], 1));
      expect(commits[0]?.commit.firstVersion).toBe(2);
      return;
    }
    expect(await store.feed.reaches(start)).toBe(true);
    await fixture.liveHistory.lose();
    expect(await store.feed.reaches(start)).toBe(false);
    // An answer with nothing says no more than that nothing is known yet.
    for (const place of [{ at: start }, { after: position }])
      await subscribed(store, place, (feed) => expectRefusal(follow(context, feed, [name], 1), 'feed.history-lost'));

    const now = await store.feed.now();
    expect(await store.feed.reaches(now)).toBe(true);
    const past: Commit[] = [];
    for await (const page of store.feed.history({ before: now, asOf: now })) past.push(...page);
    expect(versionsOf(past, name)).toEqual([1, 2]);
    await append(store, name, 'any');
    const { commits } = await subscribed(store, { at: now }, (feed) => follow(context, feed, [name], 1));
    expect(commits[0]?.commit.firstVersion).toBe(3);
  }),
];
