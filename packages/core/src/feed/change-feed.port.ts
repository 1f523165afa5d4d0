import type { LastSeen } from '../checkpoint/checkpoint.js';
import type { Commit } from '../event/event.js';
import type { SliceRange } from '../stream/slice.js';
import type { StreamName } from '../stream/stream-name.js';
import type { FeedPosition } from './feed-position.js';
import type { StoreTime } from './store-time.js';

/** Where to begin: everything committed at or after a store time, or what follows a position. */
export type FeedStart = { readonly at: StoreTime } | { readonly after: FeedPosition };

/** A commit as the live feed delivers it. */
export interface LiveCommit {
  readonly commit: Commit;
  /** When it became visible: never before `commit.time`. */
  readonly visibleAt: StoreTime;
  readonly position: FeedPosition;
}

/** What a subscription has got; `position` also advances while nothing happens. */
export interface FeedBatch {
  readonly commits: readonly LiveCommit[];
  readonly position: FeedPosition;
}

/** How much to take at once, and how long to wait for the first. */
export interface NextOptions {
  /** Commits at most. */
  readonly max: number;
  readonly waitMs: number;
}

/**
 * One consumer's place on the feed. `next` throws `FeedHistoryLost` (catch up again from the floor), `FeedGap` (a found
 * loss: stop loudly) or `StoreUnavailable` (retry with back-off; at once, also out of a wait, when the subscription or its connection is
 * closed); after an error the subscription is to be closed.
 */
export interface FeedSubscription {
  next(options: NextOptions): Promise<FeedBatch>;
  close(): Promise<void>;
}

/** A stretch of history: `after` < time < `before`, as of a moment that the reader has seen. */
export interface HistoryRange {
  readonly after?: StoreTime;
  readonly before: StoreTime;
  readonly asOf: StoreTime;
  /** Only commits with an event of these types are needed; a feed may deliver more. */
  readonly types?: readonly string[];
  /** Only commits of streams in these slices. */
  readonly slices?: SliceRange;
}

/** Commits whose time is later than `after`, as far as they were visible at exactly that moment. */
export interface RecentRange {
  readonly after: StoreTime;
  readonly asOf: StoreTime;
  /** Only commits with an event of these types are needed; a feed may deliver more. */
  readonly types?: readonly string[];
  /** Only commits of streams in these slices. */
  readonly slices?: SliceRange;
}

/** The place of a commit in its stream. */
export interface StreamPlace {
  readonly stream: StreamName;
  /** Of any event of the commit. */
  readonly version: number;
}

/** Streams by name, from `from` on and before `to`, as far as their commits are older than `before`, as of a moment that the reader has seen. */
export interface StreamRange {
  readonly from?: StreamName;
  readonly to?: StreamName;
  /** Only what follows this place. */
  readonly after?: StreamPlace;
  readonly before: StoreTime;
  readonly asOf: StoreTime;
  /** Only commits with an event of these types are needed; a feed may deliver more. */
  readonly types?: readonly string[];
}

/** How late the store's clock in a commit was, compared with when the commit became visible. */
export interface Lateness {
  readonly lastSeconds: number;
  readonly maxSeconds: number;
}

/** How far back a live subscription may begin. */
export interface FeedReach {
  readonly seconds: number;
  /** Nothing was forgotten yet: a short reach means a young store only. */
  readonly isWhole: boolean;
}

/**
 * The log, followed. An implementer owes: per stream, commits come in version order and each once a subscription;
 * a commit is delivered live to everybody who started at or before its time; `history` delivers every commit of its
 * range that was visible at `asOf`, in time order, and never ends an array between two commits of the same time;
 * a position says so where it stands inside one time; `recent` delivers the same of its range, and nothing that became visible after `asOf`, or throws `FeedHistoryLost` where the store no longer knows
 * what that was (retry from the live feed); `byStream` delivers what `history` would, stream after stream, in an order of names that is the same at every call;
 * a slow subscriber neither blocks the others nor fills memory.
 */
export interface ChangeFeed {
  /** The store's clock now. */
  now(): Promise<StoreTime>;
  /** Seconds: a commit becomes visible at the latest this long after its time (twice that is safe; see `Lateness`). */
  readonly horizonSeconds: number;
  history(range: HistoryRange): AsyncIterable<readonly Commit[]>;
  /** The log as it was at one moment, of which a live subscription that begins there has nothing. */
  recent(range: RecentRange): AsyncIterable<readonly Commit[]>;
  /** History stream by stream, each in version order: whole streams, for folds that take one stream at a time. */
  byStream(range: StreamRange): AsyncIterable<readonly Commit[]>;
  /**
   * Names at which to cut all streams into `parts` ranges of about as many commits each, in the order of `byStream`: `parts - 1` of them, or fewer
   * where there are not as many streams. Taken from a sample.
   */
  streamBounds(parts: number): Promise<readonly StreamName[]>;
  /** Whether a live subscription may still begin at that time. */
  reaches(time: StoreTime): Promise<boolean>;
  /** How much of the past is still there; `undefined` where this process may not ask. */
  reach(): Promise<FeedReach | undefined>;
  /** Throws `StoreUnavailable` once the connection is closed. */
  subscribe(start: FeedStart): FeedSubscription;
  /** Commits in the whole store, roughly: for progress. */
  estimateCommits(): Promise<number>;
  /** Events in commits whose time is later, of all streams or of those in some slices, counted up to `limit`: how far a follower is behind. */
  eventsAfter(time: StoreTime, limit: number, slices?: SliceRange): Promise<number>;
  /**
   * Whether the store holds the commit that ends there, with that time: else it is not the one that was followed. It waits for no reads of callers, since
   * what is fed stands still meanwhile. Throws `StoreUnavailable`.
   */
  holds(last: LastSeen): Promise<boolean>;
  lateness(): Lateness;
}
