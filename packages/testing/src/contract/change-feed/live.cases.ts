import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { awaitedLater, expectRefusal } from '../outcome.js';
import { append } from '../sample-append.js';
import { expectNothing, follow, placeOf, subscribed, versionsOf } from './following.js';

/** What a follower gets while things happen. */
export const liveCases = [
  fact(
    'delivers what is committed after a subscription, each stream in version order and each commit once [F-1, F-3]',
    async (context) => {
      const { store, connect, stream } = context;
      const writers = [store, await connect()];
      const streams = Array.from({ length: 10 }, () => stream());
      await subscribed(store, { at: await store.feed.now() }, async (feed) => {
        const writing = awaitedLater(
          Promise.all(
            streams.map(async (name, index) => {
              for (let more = 0; more < 20; more += 1)
                await append(writers[(index + more) % 2]!, name, 'any', { count: 1 + (more % 2) });
            }),
          ),
        );
        const { commits } = await follow(context, feed, streams, 200);
        await writing;
        expect(new Set(commits.map(({ commit }) => placeOf(commit))).size).toBe(200);
        for (const name of streams) {
          const delivered = commits.map(({ commit }) => commit);
          expect(versionsOf(delivered, name)).toEqual(
            (await store.events.read(name)).commits.map((commit) => commit.firstVersion),
          );
        }
        await expectNothing(context, feed, streams);
      });
    },
  ),

  fact('delivers a commit as a read of its stream does, visible not before its time', async (context) => {
    const { store, stream } = context;
    const name = stream();
    await subscribed(store, { at: await store.feed.now() }, async (feed) => {
      await append(store, name, 'noStream', { count: 3, keyed: true, bodyHash: 'b' });
      const { commits } = await follow(context, feed, [name], 1);
      const [stored] = (await store.events.read(name)).commits;
      expect(commits[0]?.commit).toStrictEqual(stored);
      expect(commits[0]!.visibleAt >= commits[0]!.commit.time).toBe(true);
      const { lastSeconds, maxSeconds } = store.feed.lateness();
      expect(lastSeconds).toBeGreaterThanOrEqual(0);
      expect(maxSeconds).toBeGreaterThanOrEqual(lastSeconds);
      expect(maxSeconds).toBeLessThanOrEqual(store.feed.horizonSeconds);
    });
  }),

  fact('begins with what was committed at the time of the start, and with nothing older', async (context) => {
    const { store, stream } = context;
    const name = stream();
    for (let more = 0; more < 5; more += 1) await append(store, name, 'any');
    const times = (await store.events.read(name)).commits.map((commit) => commit.time);
    await subscribed(store, { at: times[2]! }, async (feed) => {
      const { commits } = await follow(context, feed, [name], 3);
      expect(
        versionsOf(
          commits.map(({ commit }) => commit),
          name,
        ),
      ).toEqual([3, 4, 5]);
    });
  }),

  fact('goes on behind the position of a batch', async (context) => {
    const { store, connect, stream } = context;
    const name = stream();
    const start = await store.feed.now();
    await append(store, name, 'any');
    await append(store, name, 'any');
    const { position } = await subscribed(store, { at: start }, (feed) => follow(context, feed, [name], 2));
    await append(store, name, 'any');
    await subscribed(await connect(), { after: position }, async (feed) => {
      const { commits } = await follow(context, feed, [name], 1);
      expect(
        versionsOf(
          commits.map(({ commit }) => commit),
          name,
        ),
      ).toEqual([3]);
    });
  }),

  fact('goes on behind the position of each commit', async (context) => {
    const { store, connect, stream } = context;
    const name = stream();
    const start = await store.feed.now();
    for (let more = 0; more < 4; more += 1) await append(store, name, 'any');
    const { commits } = await subscribed(store, { at: start }, (feed) => follow(context, feed, [name], 4));
    const tokens = commits.map(({ position }) => position.token);
    expect(tokens).toEqual(tokens.toSorted());
    expect(new Set(tokens).size).toBe(4);
    const elsewhere = await connect();
    for (const [index, { position }] of commits.slice(0, 3).entries()) {
      await subscribed(elsewhere, { after: position }, async (feed) => {
        const rest = await follow(context, feed, [name], 3 - index);
        expect(
          versionsOf(
            rest.commits.map(({ commit }) => commit),
            name,
          ),
        ).toEqual([2, 3, 4].slice(index));
      });
    }
  }),

  fact('advances the position while nothing happens, and goes on behind it [F-9]', async (context) => {
    const { store, stream } = context;
    const name = stream();
    const position = await subscribed(store, { at: await store.feed.now() }, async (feed) => {
      const first = await feed.next({ max: 10, waitMs: 20 });
      await expect
        .poll(async () => (await feed.next({ max: 10, waitMs: 20 })).position.time > first.position.time, {
          timeout: context.fixture.patienceMs,
        })
        .toBe(true);
      return (await feed.next({ max: 10, waitMs: 20 })).position;
    });
    await append(store, name, 'any');
    await subscribed(store, { after: position }, async (feed) => {
      expect((await follow(context, feed, [name], 1)).commits).toHaveLength(1);
    });
  }),

  fact('answers a waiting reader when something happens', async ({ store, fixture, stream }) => {
    await subscribed(store, { at: await store.feed.now() }, async (feed) => {
      const begun = performance.now();
      const waiting = feed.next({ max: 10, waitMs: 2 * fixture.patienceMs });
      await append(store, stream(), 'noStream');
      expect((await waiting).commits).toHaveLength(1);
      expect(performance.now() - begun).toBeLessThan(fixture.patienceMs);
    });
  }),

  fact('ends a wait when the subscription is closed', async ({ store, fixture, stream }) => {
    const start = await store.feed.now();
    await append(store, stream(), 'noStream');
    const feed = store.feed.subscribe({ at: start });
    expect((await feed.next({ max: 1, waitMs: fixture.patienceMs })).commits).toHaveLength(1);
    const begun = performance.now();
    const ended = feed.next({ max: 10, waitMs: 2 * fixture.patienceMs }).then(
      () => 'ended',
      () => 'ended',
    );
    await feed.close();
    expect(await ended).toBe('ended');
    expect(performance.now() - begun).toBeLessThan(fixture.patienceMs);
  }),

  fact(
    'tells followers that the store is away when their connection is closed, in a wait and after it',
    async (context) => {
      // Answered with empty batches, a follower would go on for ever and take its silence for that of the log.
      const { connect, fixture, store, stream } = context;
      const closing = await connect();
      const start = await store.feed.now();
      const [waiter, later] = [closing.feed.subscribe({ at: start }), closing.feed.subscribe({ at: start })];
      await append(store, stream(), 'noStream');
      for (const feed of [waiter, later]) {
        expect((await feed.next({ max: 1, waitMs: fixture.patienceMs })).commits).toHaveLength(1);
      }
      const begun = performance.now();
      const waiting = expectRefusal(waiter.next({ max: 10, waitMs: 2 * fixture.patienceMs }), 'store.unavailable');
      await closing.close();
      await waiting;
      for (const feed of [waiter, later]) await expectRefusal(feed.next({ max: 10, waitMs: 0 }), 'store.unavailable');
      expect(performance.now() - begun).toBeLessThan(fixture.patienceMs);
      expect(() => closing.feed.subscribe({ at: start })).toThrow(
        expect.objectContaining({ code: 'store.unavailable' }),
      );
      for (const feed of [waiter, later]) await feed.close();
    },
  ),

  fact('delivers no more than asked for at once', async (context) => {
    const { store, stream } = context;
    const name = stream();
    await subscribed(store, { at: await store.feed.now() }, async (feed) => {
      for (let more = 0; more < 20; more += 1) await append(store, name, 'any');
      const { commits } = await follow(context, feed, [name], 20, 3);
      expect(
        versionsOf(
          commits.map(({ commit }) => commit),
          name,
        ),
      ).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    });
  }),
];
