import type { WholeNumber } from './read-body.js';

const MOST = 1_000_000_000;

/** How a rebuild is to go. All of it may be left out. */
export class RebuildBody {
  /** Only for projections of which each document is fed by one stream. */
  partitions?: number;
  /** Events a second, at most. */
  throttle?: number;
}

/** How fast a rebuild may go from now on. */
export class ThrottleBody {
  /** Without it the rebuild goes as fast as it can. */
  eventsPerSecond?: number;
}

export const REBUILD_FIELDS = {
  partitions: { min: 1, max: 1_024 },
  throttle: { min: 1, max: MOST },
} as const satisfies Record<keyof RebuildBody, WholeNumber>;

export const THROTTLE_FIELDS = {
  eventsPerSecond: { min: 1, max: MOST },
} as const satisfies Record<keyof ThrottleBody, WholeNumber>;
