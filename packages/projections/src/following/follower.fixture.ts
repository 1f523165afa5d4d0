import { silentLogger, systemEnvironment } from '@nestfold/core';
import type { Stretch } from './delivery.js';
import type { FollowerOptions } from './follower-options.js';
import { Follower } from './follower.js';
import type { ScriptedFeed } from './scripted-feed.fixture.js';
import { beginning } from './store-clock.js';

/** A follower of a scripted feed, from its clock on. */
export function follower(feed: ScriptedFeed, options: Partial<FollowerOptions> = {}): Follower {
  return new Follower({
    feed,
    environment: systemEnvironment,
    logger: silentLogger,
    types: ['order.placed'],
    position: beginning(feed.clock, feed.horizonSeconds),
    floor: undefined,
    watermarks: () => Promise.resolve(new Map()),
    late: 'stop',
    ...options,
  });
}

/** Takes stretches until the live feed has been read once. */
export async function untilLive(one: Follower): Promise<{ readonly got: string[]; readonly last: Stretch }> {
  const got: string[] = [];
  for (;;) {
    const last = await one.next();
    got.push(...last.deliveries.map(({ commit }) => commit.id));
    if (last.position.phase === 'live' && last.position.feed !== undefined) return { got, last };
  }
}
