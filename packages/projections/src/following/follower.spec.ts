import {
  partitionOf,
  silentLogger,
  sliceRange,
  systemEnvironment,
  type Environment,
  type Position,
  type Watermark,
} from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { follower, untilLive } from './follower.fixture.js';
import type { FollowerOptions } from './follower-options.js';
import { isLateCommit } from './following.errors.js';
import { missedBy } from './lateness-watch.js';
import { at, commitAt, ScriptedFeed } from './scripted-feed.fixture.js';
import { justBefore } from './store-clock.js';
import { storePlace } from './store-place.js';

describe('Follower', () => {
  it('reads history up to the horizon, then what was visible at a moment, then the feed, each commit once', async () => {
    const feed = new ScriptedFeed(at(100), [
      commitAt('a', 1, at(10)),
      commitAt('a', 2, at(20)),
      // Stored before the horizon, visible behind it: history has it.
      commitAt('b', 1, at(89), at(95)),
      // Behind the horizon: history has not got it.
      commitAt('c', 1, at(91)),
      commitAt('d', 1, at(92), at(99)),
    ]);
    const { got, last } = await untilLive(follower(feed));
    expect(got).toEqual(['a:1', 'a:2', 'b:1', 'c:1', 'd:1']);
    expect(feed.asked).toEqual(['..90']);
    expect(last).toMatchObject({
      floor: at(90),
      position: { horizon: at(90), began: at(100), feed: { time: at(100) } },
    });
  });

  it('goes on from any position that it answered, with nothing lost or doubled', async () => {
    const commits = [
      commitAt('a', 1, at(10)),
      commitAt('b', 1, at(10)),
      commitAt('a', 2, at(20)),
      commitAt('b', 2, at(85), at(95)),
      commitAt('a', 3, at(91)),
      commitAt('c', 1, at(93)),
    ];
    const all = commits.map(({ commit }) => commit.id);
    const whole = new ScriptedFeed(at(100), commits, 3);
    const one = follower(whole);
    const cuts: { readonly position: Position; readonly count: number }[] = [];
    let count = 0;
    for (let n = 0; n < 6; n += 1) {
      const { deliveries, position } = await one.next();
      for (const { after } of deliveries) {
        count += 1;
        if (after !== undefined) cuts.push({ position: after, count });
      }
      cuts.push({ position, count });
    }
    expect(cuts.length).toBeGreaterThan(8);
    for (const cut of cuts) {
      const position = storePlace(cut.position, '');
      const { got } = await untilLive(follower(new ScriptedFeed(at(100), commits, 3), { position }));
      expect([...all.slice(0, cut.count), ...got], JSON.stringify(cut)).toEqual(all);
    }
  });

  it('lets no batch end inside one time of history', async () => {
    const feed = new ScriptedFeed(
      at(100),
      [commitAt('a', 1, at(10)), commitAt('b', 1, at(10)), commitAt('c', 1, at(20))],
      3,
    );
    const { deliveries } = await follower(feed).next();
    expect(deliveries.map(({ after }) => after !== undefined)).toEqual([false, true, true]);
  });

  it('reads another round when one took longer than the horizon [F-11]', async () => {
    const feed = new ScriptedFeed(at(100), [commitAt('a', 1, at(10))]);
    feed.onHistory = () => {
      if (feed.clock === at(100)) feed.add(commitAt('b', 1, at(101)), commitAt('c', 1, at(118)));
      if (feed.clock === at(100)) feed.clock = at(120);
    };
    const { got } = await untilLive(follower(feed));
    expect(got).toEqual(['a:1', 'b:1', 'c:1']);
    expect(feed.asked).toEqual(['..90', '90..110']);
  });

  it('prepares between history and the live phase, and reads another round when that took long', async () => {
    const feed = new ScriptedFeed(at(100), []);
    let prepared = 0;
    const beforeLive = (): Promise<void> => {
      prepared += 1;
      if (prepared === 1) feed.clock = at(200);
      return Promise.resolve();
    };
    await untilLive(follower(feed, { beforeLive }));
    expect([prepared, feed.asked]).toEqual([2, ['..90', '90..190']]);
  });

  it('stops at a commit that history should have held, or delivers it to those who only need delivery [F-2]', async () => {
    const late = commitAt('b', 1, at(50), at(101));
    const stopped = new ScriptedFeed(at(100), [commitAt('a', 1, at(10))]);
    const one = follower(stopped);
    await untilLive(one);
    stopped.add(late);
    stopped.clock = at(102);
    await expect(one.next()).rejects.toSatisfy(isLateCommit);
    const delivered = new ScriptedFeed(at(100), [commitAt('a', 1, at(10))]);
    const other = follower(delivered, { late: 'deliver' });
    await untilLive(other);
    delivered.add(late);
    delivered.clock = at(102);
    expect((await other.next()).deliveries).toHaveLength(1);
  });

  it('finds a commit that an earlier round should have held, though the last one did not begin before it was visible', async () => {
    // Time passes at once, so that the watch opens with the first page.
    let now = 0;
    const environment: Environment = { ...systemEnvironment, now: () => (now += 3_000) };
    const feed = new ScriptedFeed(at(100), [
      commitAt('a', 1, at(10)),
      commitAt('a', 2, at(11)),
      commitAt('a', 3, at(12)),
    ]);
    feed.onHistory = () => {
      if (feed.clock !== at(100)) return;
      feed.add(commitAt('b', 1, at(50), at(105)));
      feed.clock = at(120);
    };
    await expect(untilLive(follower(feed, { environment }))).rejects.toSatisfy(isLateCommit);
    const rounds = [
      { began: at(100), horizon: at(90) },
      { began: at(120), horizon: at(110) },
    ];
    expect(missedBy(rounds, commitAt('b', 1, at(50), at(105)))).toBe(true);
    expect(missedBy(rounds, commitAt('b', 1, at(95), at(105)))).toBe(false);
    expect(missedBy(rounds, commitAt('b', 1, at(50), at(100)))).toBe(false);
    expect(missedBy(rounds, commitAt('b', 1, at(109), at(121)))).toBe(true);
  });

  describe('between two rounds of history', () => {
    /** A long first round, within which a commit becomes visible that it should have held; the last one is late for nobody. */
    function longRound(): ScriptedFeed {
      const feed = new ScriptedFeed(at(100), [
        commitAt('a', 1, at(10)),
        commitAt('a', 2, at(11)),
        commitAt('a', 3, at(12)),
      ]);
      feed.onHistory = () => {
        if (feed.clock !== at(100)) return;
        feed.add(commitAt('b', 1, at(50), at(105)), commitAt('c', 1, at(95), at(106)), commitAt('d', 1, at(119)));
        feed.clock = at(120);
      };
      return feed;
    }

    // With the watch opened by the time alone, a quick second round passed over it; and its error, which a handler only logged, was gone at the next try.
    it('delivers to those who only need delivery what the first one should have held, once, and tells of it', async () => {
      const told: unknown[] = [];
      const logger = { ...silentLogger, error: (_message: string, data?: object) => void told.push(data) };
      const { got } = await untilLive(follower(longRound(), { late: 'deliver', logger }));
      expect(got).toEqual(['a:1', 'a:2', 'a:3', 'b:1', 'c:1', 'd:1']);
      expect(told).toMatchObject([{ stream: 'b', version: 1, visibleAt: at(105) }]);
    });

    it('stops for those to whom order counts, however quick the second round is', async () => {
      await expect(untilLive(follower(longRound()))).rejects.toSatisfy(isLateCommit);
    });

    // Where the second round could be saved before all was looked at that was visible by then, whoever went on from there never saw b:1.
    // Without the slices of the watch each partition of a live generation halted at what was late in any of them.
    it('leaves what is late in another partition to that one', async () => {
      const own = partitionOf('b', 2);
      await untilLive(follower(longRound(), { slices: sliceRange(1 - own, 2) }));
      await expect(untilLive(follower(longRound(), { slices: sliceRange(own, 2) }))).rejects.toSatisfy(isLateCommit);
    });

    // Read from the first round's beginning by each partition of a load, the feed of hours was read as often as there are partitions, beside live batches.
    it('goes on with the watch of a load from where that has looked, and from no later than the next round', async () => {
      // Of the time that it stands at, more may follow.
      for (const [seen, from] of [
        [at(110), justBefore(at(110))],
        [at(120), justBefore(at(120))],
        [at(130), at(120)],
      ] as const) {
        const feed = longRound();
        const one = follower(feed, { watched: (began) => (began === at(100) ? seen : undefined) });
        await untilLive(one);
        expect(feed.opened[0]).toEqual({ at: from });
      }
      // What became visible behind that is found all the same.
      const feed = longRound();
      await expect(untilLive(follower(feed, { watched: () => at(105, 0) }))).rejects.toSatisfy(isLateCommit);
    });

    it('loses nothing to a crash at any position [F-5]', async () => {
      const one = follower(longRound(), { late: 'deliver' });
      const cuts: { readonly position: Position; readonly got: readonly string[] }[] = [];
      const got: string[] = [];
      for (;;) {
        const { deliveries, position } = await one.next();
        got.push(...deliveries.map(({ commit }) => commit.id));
        cuts.push({ position, got: [...got] });
        if (position.phase === 'live') break;
      }
      await one.close();
      expect(new Set(cuts.map(({ position }) => storePlace(position, '').began)).size).toBe(2);
      for (const { position, got: before } of cuts) {
        const feed = longRound();
        feed.onHistory({ before: '', asOf: '' });
        const rest = await untilLive(follower(feed, { late: 'deliver', position: storePlace(position, '') }));
        expect([...new Set([...before, ...rest.got])].sort(), JSON.stringify(position)).toEqual([
          'a:1',
          'a:2',
          'a:3',
          'b:1',
          'c:1',
          'd:1',
        ]);
      }
    });
  });

  it('catches up again from the floor when the feed lost its place, dropping what watermarks name [F-5]', async () => {
    // Taken away once to see this fail: the watermarks (a:2 and b:1 twice), the floor (b:2 missing).
    const feed = new ScriptedFeed(at(100), [
      commitAt('a', 1, at(10)),
      commitAt('a', 2, at(91)),
      commitAt('b', 1, at(92)),
    ]);
    const seen = new Map<string, Watermark>();
    const watermarks: FollowerOptions['watermarks'] = () => Promise.resolve(seen);
    const one = follower(feed, { watermarks });
    expect((await untilLive(one)).got).toEqual(['a:1', 'a:2', 'b:1']);
    for (const [stream, version] of [
      ['a', 2],
      ['b', 1],
    ] as const)
      seen.set(stream, { stream, seen: version, applied: version });
    feed.add(commitAt('b', 2, at(110)), commitAt('c', 1, at(195)));
    feed.clock = at(200);
    feed.reachedFrom = at(150);
    const again = await untilLive(one);
    expect(again.got).toEqual(['b:2', 'c:1']);
    expect(feed.asked.at(-1)).toBe('90..190');
    expect(again.last.position).toMatchObject({ horizon: at(190), again: at(200) });
    // From then on everything is new, and nobody is asked.
    feed.clock = at(210);
    expect((await one.next()).position).not.toHaveProperty('again');
  });

  it('never begins "now": without a floor it begins its history again [F-11]', async () => {
    const feed = new ScriptedFeed(at(100), [commitAt('a', 1, at(10)), commitAt('a', 2, at(95))]);
    feed.reachedFrom = at(97);
    feed.onHistory = () => (feed.reachedFrom = at(0));
    const position: Position = { phase: 'live', began: at(100), horizon: at(90) };
    expect((await untilLive(follower(feed, { position }))).got).toEqual(['a:1', 'a:2']);
  });

  it('says so when the feed reaches back less far than a catch-up needs [F-11]', async () => {
    const feed = new ScriptedFeed(at(100), []);
    feed.reachedFrom = at(95);
    await expect(untilLive(follower(feed))).rejects.toThrow('does not reach back 10 s');
  });

  it('raises the floor behind the saved place, and never lowers it', async () => {
    const feed = new ScriptedFeed(at(100), []);
    const one = follower(feed);
    expect((await untilLive(one)).last.floor).toBe(at(90));
    feed.clock = at(105);
    expect((await one.next()).floor).toBe(at(90));
    feed.clock = at(150);
    expect((await one.next()).floor).toBe(at(130));
  });

  it('knows the moment before another one', () => {
    expect([justBefore(at(5, 1)), justBefore(at(5, 0))]).toEqual([at(5, 0), at(4, 0xffff_ffff)]);
  });
});
