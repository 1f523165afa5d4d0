import type { Commit } from '../event/event.js';
import type { ParkedRequest, ParkedStream } from './parked-stream.js';

/** Which parked streams to list. */
export interface ParkedQuery {
  readonly consumers: readonly string[];
  /** At most so many. */
  readonly limit: number;
  /** The id of the last one of the page before; one that is gone by now begins at its place all the same. */
  readonly after?: string;
}

/** How many streams of a consumer are parked. */
export interface ParkedSummary {
  readonly parked: number;
  /** Since when the first of them is parked. */
  readonly oldest?: Date;
}

/**
 * Parked streams, for looking at and for requests; parking and moving them is part of a batch (`Batch.parked`). Reads are as fresh as the
 * last committed batch. Throws `StoreUnavailable` (repeat later).
 */
export interface ParkedStreamStore {
  /** All of one consumer. */
  find(consumer: string): Promise<readonly ParkedStream[]>;
  /** Those of one partition that somebody asked something of, in the order of their requests. */
  requested(key: string): Promise<readonly ParkedStream[]>;
  get(id: string): Promise<ParkedStream | undefined>;
  /** Those of these ids that are parked, in no order: one question for all that somebody waits for. */
  among(ids: readonly string[]): Promise<readonly ParkedStream[]>;
  /** In the order of their ids. */
  list(query: ParkedQuery): Promise<readonly ParkedStream[]>;
  /** `since`: only those that were parked at that time or later. */
  summary(consumer: string, since?: Date): Promise<ParkedSummary>;
  /** Commits that were kept of a parked stream, in order, from the one on that holds the version after `after`. */
  kept(id: string, after: number, limit: number): Promise<readonly Commit[]>;
  /** Notes a request, in the place of one that was not executed yet; answers the stream with it, `undefined` when it is not parked (any more). */
  request(id: string, request: ParkedRequest): Promise<ParkedStream | undefined>;
}

/** A commit that a parked stream holds back, kept beside it since it does not stand in the store. */
export interface HeldCommit {
  readonly id: string;
  /** The partition's key: with it goes what is kept. */
  readonly key: string;
  readonly commit: Commit;
}

/** What a batch does to parked streams, in its own transaction. */
export interface ParkedChanges {
  /** Parked, or moved: stored as they are, save for `request`, which stays as it stands in the store unless it is the one that is `answered`. */
  readonly park?: readonly (Omit<ParkedStream, 'request'> & { readonly answered?: string })[];
  /** Later events that were delivered; `seen` only rises, and what is not parked stays so. */
  readonly seen?: readonly { readonly id: string; readonly seen: number }[];
  /** Commits that are held back and came by a topic; one that is kept already stays. */
  readonly keep?: readonly HeldCommit[];
  /** Ids of streams that wait no longer; what was kept of them goes too. */
  readonly unpark?: readonly string[];
}
