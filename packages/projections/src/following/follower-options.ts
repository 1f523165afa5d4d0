import type {
  ChangeFeed,
  Environment,
  Logger,
  SliceRange,
  StorePosition,
  StoreTime,
  StreamName,
  Watermark,
} from '@nestfold/core';

/** What a follower follows, and for whom. */
export interface FollowerOptions {
  readonly feed: ChangeFeed;
  readonly environment: Environment;
  readonly logger: Logger;
  /** The stored names of the events that are wanted; commits without them are passed over. Missing: all are wanted. */
  readonly types?: readonly string[];
  /** Only streams in these slices are wanted. */
  readonly slices?: SliceRange;
  readonly position: StorePosition;
  readonly floor: StoreTime | undefined;
  /** The latest watermarks of streams: asked for after lost history, to drop what was applied before. */
  readonly watermarks: (streams: readonly StreamName[]) => Promise<ReadonlyMap<StreamName, Watermark>>;
  /** What to do with a commit that history should have held: `stop` where it may have been applied out of order, `deliver` where only delivery counts. */
  readonly late: 'stop' | 'deliver';
  /** Up to where others have looked for commits that are late for the round that began then: it goes on with that from there. */
  readonly watched?: (began: StoreTime) => StoreTime | undefined;
  /** Called between history and the live phase: what is to be done while nothing is in a hurry. Taking longer costs another round. */
  readonly beforeLive?: () => Promise<void>;
  /** Called before lost history is caught up again: throws where the store is not the one that was read. */
  readonly beforeReentry?: () => Promise<void>;
}
