import type { Commit, FeedPosition, Position } from '@nestfold/core';
import type { Delivery } from './delivery.js';

// Places are put together when they are asked for: of most commits of a batch they never are.

/** A commit of history, behind which a batch may end. */
export class HistoryDelivery implements Delivery {
  constructor(
    readonly commit: Commit,
    private readonly round: Position,
  ) {}

  get after(): Position {
    return { ...this.round, after: this.commit.time } as Position;
  }
}

/** A commit of the live feed, which has read up to `feed` with it. */
export class LiveDelivery implements Delivery {
  constructor(
    readonly commit: Commit,
    private readonly before: Extract<Position, { phase: 'live' }>,
    private readonly feed: FeedPosition,
  ) {}

  get after(): Position {
    return { ...this.before, feed: this.feed };
  }
}
