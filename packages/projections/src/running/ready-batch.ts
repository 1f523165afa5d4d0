import { lastVersionOf, type LastSeen, type Position, type StoreTime, type Watermark } from '@nestfold/core';
import type { FoldBatch } from '../fold/fold-batch.js';
import type { Delivery } from '../following/delivery.js';

/** Where a batch may end: after so many of its deliveries the follower stands there. */
export interface Cut {
  readonly count: number;
  readonly position: Position;
  readonly floor: StoreTime | undefined;
}

/** Commits that are folded and can be written in one transaction. */
export interface ReadyBatch {
  readonly fold: FoldBatch;
  readonly deliveries: readonly Delivery[];
  /** In order; the last one is the batch's own end. */
  readonly cuts: readonly Cut[];
  /** Commits read for it, those passed over included. */
  readonly read: number;
  /** Why it ends here: the next event cannot be folded. */
  readonly stoppedBy?: unknown;
  /** What stands before an event (`<stream>:<version>`), as a batch of its own; `undefined` for nothing. */
  before(event: string): ReadyBatch | undefined;
}

/** The place of an event's commit in a batch; -1 for none. */
export function indexOfEvent(deliveries: readonly Delivery[], event: string): number {
  const point = event.lastIndexOf(':');
  const stream = event.slice(0, point);
  const version = Number(event.slice(point + 1));
  return deliveries.findIndex(
    ({ commit }) => commit.stream === stream && commit.firstVersion <= version && version <= lastVersionOf(commit),
  );
}

/** Where a batch leaves the follower. */
export function endOf({ cuts }: ReadyBatch): Cut {
  return cuts.at(-1)!;
}

/** The last commit of a batch, to be compared with the store after a restore. */
export function lastOf({ deliveries }: ReadyBatch): LastSeen | undefined {
  const commit = deliveries.at(-1)?.commit;
  return commit && { stream: commit.stream, version: lastVersionOf(commit), time: commit.time };
}

/** How far a live batch takes each of its streams; nothing is noted during history. */
export function watermarksOf(
  batch: ReadyBatch,
): { readonly time: StoreTime; readonly rows: readonly Watermark[] } | undefined {
  const { position } = endOf(batch);
  if (batch.deliveries.length === 0 || position.phase === 'history') return undefined;
  const rows = new Map<string, Watermark>();
  // The feed's time: it only rises, while commits may become visible in another order than that of their own times.
  let time: StoreTime = position.feed?.time ?? '';
  for (const { commit } of batch.deliveries) {
    const version = lastVersionOf(commit);
    rows.set(commit.stream, { stream: commit.stream, seen: version, applied: version });
    if (commit.time > time) time = commit.time;
  }
  return { time, rows: [...rows.values()] };
}
