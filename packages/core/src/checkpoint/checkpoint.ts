import type { FeedPosition } from '../feed/feed-position.js';
import type { StoreTime } from '../feed/store-time.js';
import type { StreamName } from '../stream/stream-name.js';

/**
 * Where a consumer stands. History: everything before `after` was taken (nothing yet when it is missing), `horizon` ends the
 * round, which began at store time `began`; what is older than the horizon and became visible later is late. Live: first what is not older than the
 * horizon and was visible at `asOf`, up to and with `after` (all of it when that is missing); then the feed from `began` on, up to `feed` (its beginning
 * when missing), without what is dropped since it was had before: `asOf` is there for as long as that is possible. A live position that never had
 * `asOf` takes the feed from `horizon` on.
 * `again` marks a re-entry after lost history: what watermarks name as seen is dropped until the feed passes it. `fill` is a relay's, of a topic that was
 * made anew: it tells this filling from the ones before.
 * Topic: messages of a transport instead of the store. `next` holds the offset to go on from, by the number of the partition: of a consumer's own
 * partition one entry. `token` is the highest relay's token that was met, `epoch` the store's that the relay reads, `clock` not before the time of any
 * commit that was taken; everything that was visible before `time` was taken.
 */
export type Position =
  | {
      readonly phase: 'history';
      readonly began: StoreTime;
      readonly horizon: StoreTime;
      readonly after?: StoreTime;
      readonly again?: StoreTime;
      readonly fill?: number;
    }
  | {
      readonly phase: 'live';
      readonly began: StoreTime;
      readonly horizon: StoreTime;
      readonly asOf?: StoreTime;
      readonly after?: StoreTime;
      readonly feed?: FeedPosition;
      readonly again?: StoreTime;
      readonly fill?: number;
    }
  | {
      readonly phase: 'topic';
      readonly next: Readonly<Record<string, number>>;
      readonly token: number;
      readonly epoch?: string;
      readonly clock?: StoreTime;
      readonly time?: StoreTime;
    };

/** A place in a topic. */
export type TopicPosition = Extract<Position, { phase: 'topic' }>;

/** A place in the store's own history or feed. */
export type StorePosition = Exclude<Position, TopicPosition>;

/** The last commit that a consumer took: compared with the store after a restore. */
export interface LastSeen {
  readonly stream: StreamName;
  readonly version: number;
  readonly time: StoreTime;
}

/** The stored state of a consumer's partition. */
export interface Checkpoint {
  readonly key: string;
  /** The highest lease token that claimed it. */
  readonly token: number;
  /** The id of the last batch: the next one names it, so that no batch is applied twice. */
  readonly batch: string;
  /** Everything older has been applied, for good. */
  readonly floor?: StoreTime;
  /** Missing until the first batch. */
  readonly position?: Position;
  readonly last?: LastSeen;
}

/** How far one stream got in a generation. */
export interface Watermark {
  readonly stream: StreamName;
  /** Delivered up to this version: what comes again is dropped. */
  readonly seen: number;
  /** Applied up to this version. */
  readonly applied: number;
}
