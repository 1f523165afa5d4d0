import type { Commit, Position, StoreTime } from '@nestfold/core';

/** A commit that a follower is to apply. */
export interface Delivery {
  readonly commit: Commit;
  /** Where a batch that ends with this commit leaves the follower; missing where no batch may end here (inside one time of history). */
  readonly after?: Position;
  /** The same where a batch should not end here, but may when what follows cannot be applied. */
  readonly ifNeeded?: Position;
}

/** The same place with another commit. A delivery is not to be spread: its place may be put together only when it is asked for. */
export function withCommit({ after, ifNeeded }: Delivery, commit: Commit): Delivery {
  return { commit, ...(after && { after }), ...(ifNeeded && { ifNeeded }) };
}

/** What a follower got at once. */
export interface Stretch {
  readonly deliveries: readonly Delivery[];
  /** Where the follower stands after all of it, what it passed over included. */
  readonly position: Position;
  /** To be saved with the position: everything older is applied then. */
  readonly floor?: StoreTime;
  /** Commits that were read, those passed over included. */
  readonly read: number;
  /** True when more is surely there: it is not worth to wait before taking it. */
  readonly more: boolean;
  /** Nothing follows, ever. */
  readonly ended?: true;
}
