import type { Position, Watermark } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { follower, untilLive } from './follower.fixture.js';
import { isLateCommit } from './following.errors.js';
import { at, commitAt, ScriptedFeed } from './scripted-feed.fixture.js';
import { justBefore } from './store-clock.js';
import { storePlace } from './store-place.js';

const ALL = ['a:1', 'b:1', 'c:1', 'd:1', 'd:2', 'e:1'];

/** Commits before the horizon (90), between it and the moment of going live (100), and ones that become visible while that part is read. */
function lively(): ScriptedFeed {
  const feed = new ScriptedFeed(
    at(100),
    [
      commitAt('a', 1, at(10)),
      commitAt('b', 1, at(91), at(99)),
      commitAt('c', 1, at(92)),
      commitAt('d', 1, at(93)),
      commitAt('d', 2, at(94)),
    ],
    1,
  );
  feed.onRecent = () => {
    if (feed.clock !== at(100)) return;
    // Older than what was read, and visible after it.
    feed.add(commitAt('e', 1, at(91, 5), at(101)));
    feed.clock = at(102);
  };
  return feed;
}

/*
 * Taken away once to see these fail: what the feed drops as had at once (everything twice), the beginning of the feed (it began at the horizon), the
 * moment in the position (a restart lost e:1), the way back through the feed with watermarks (b:1 twice), what the load's watch has seen.
 */
describe('what is not older than the horizon', () => {
  it('is read as of one moment, and the feed begins where history did: it would be slow from the horizon on', async () => {
    const feed = lively();
    const { got, last } = await untilLive(follower(feed));
    expect(got).toEqual(ALL);
    expect(feed.recentAsked).toEqual([90]);
    // Behind the moment of that read, which on a quiet store lies before that of the round.
    expect(feed.opened).toEqual([{ at: justBefore(at(100)) }]);
    expect(last.position).toMatchObject({ phase: 'live', began: at(100), horizon: at(90), feed: { time: at(102) } });
    expect(last.position).not.toHaveProperty('asOf');
  });

  it('is gone on with from any place, as of the same moment, and nothing is lost or doubled [F-5]', async () => {
    const one = follower(lively());
    const cuts: { readonly position: Position; readonly got: readonly string[] }[] = [];
    const got: string[] = [];
    while (got.length < ALL.length) {
      const { deliveries, position } = await one.next();
      got.push(...deliveries.map(({ commit }) => commit.id));
      cuts.push({ position, got: [...got] });
    }
    await one.close();
    expect(cuts.filter(({ position }) => position.phase === 'live' && position.after !== undefined)).not.toHaveLength(
      0,
    );
    for (const { position, got: before } of cuts) {
      const feed = lively();
      feed.onRecent();
      const rest = await untilLive(follower(feed, { position: storePlace(position, 'p') }));
      expect([...before, ...rest.got].sort(), JSON.stringify(position)).toEqual(ALL);
    }
  });

  it('comes from the feed where the store no longer knows that moment, without what watermarks name', async () => {
    const feed = lively();
    const got: string[] = [];
    const watermarks = (): Promise<Map<string, Watermark>> =>
      Promise.resolve(
        new Map(got.map((id) => [id[0]!, { stream: id[0]!, seen: Number(id[2]), applied: Number(id[2]) }] as const)),
      );
    const one = follower(feed, { watermarks });
    for (let isOnFeed = false; !isOnFeed;) {
      const { deliveries, position } = await one.next();
      got.push(...deliveries.map(({ commit }) => commit.id));
      if (got.includes('b:1')) feed.forgotten = at(200);
      isOnFeed = position.phase === 'live' && position.feed !== undefined;
    }
    expect(got.sort()).toEqual(ALL);
    expect(feed.opened).toEqual([{ at: at(90) }]);
  });

  it('leaves to the feed only what nobody has looked through for what is late', async () => {
    const feed = lively();
    feed.clock = at(101);
    const position = { phase: 'history', began: at(100), horizon: at(90) } as const;
    const { got } = await untilLive(follower(feed, { position, watched: () => at(100, 5) }));
    expect(got).toEqual(ALL.slice(0, 5));
    expect(feed.opened).toEqual([{ at: justBefore(at(100, 5)) }]);
  });

  it('does not hide what is late: visible after history began, and older than the horizon', async () => {
    const feed = lively();
    feed.add(commitAt('late', 1, at(50), at(100, 7)));
    feed.clock = at(101);
    const position = { phase: 'history', began: at(100), horizon: at(90) } as const;
    await expect(untilLive(follower(feed, { position }))).rejects.toSatisfy(isLateCommit);
  });
});
