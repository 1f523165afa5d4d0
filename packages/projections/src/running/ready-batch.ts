import {
  lastVersionOf,
  type Commit,
  type HeldCommit,
  type LastSeen,
  type ParkedChanges,
  type ParkedStream,
  type StoreTime,
  type Watermark,
} from '@nestfold/core';
import type { FoldBatch } from '../fold/fold-batch.js';
import type { Delivery } from '../following/delivery.js';
import type { Cut, Cuts } from './cuts.js';

/** A commit in a batch: folded, or held back since its stream is parked. */
export interface TakenDelivery extends Delivery {
  readonly held?: ParkedStream;
  /** Whether it is the one behind which its stream is parked, by this very batch. */
  readonly parks?: boolean;
}

/** Commits that are folded and can be written in one transaction. */
export interface ReadyBatch {
  readonly fold: FoldBatch;
  readonly deliveries: readonly TakenDelivery[];
  /** Where it may end, in order; the last one is its own end. */
  readonly cuts: Cuts;
  /** Commits read for it, those passed over included. */
  readonly read: number;
  /** Why it ends here, for good: the next event cannot be folded, and its stream is not to be parked. */
  readonly stopped?: { readonly error: unknown };
  /** Nothing follows it, ever. */
  readonly ended?: boolean;
  /** What stands before an event (`<stream>:<version>`), as a batch of its own; `undefined` for nothing. */
  before(event: string): ReadyBatch | undefined;
  /** The same in two batches, to be written one after the other; `undefined` where it may not be cut. */
  halves(): readonly [ReadyBatch, ReadyBatch] | undefined;
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

/** The first commit of an event's stream: where no batch may end just before the event's own commit, one before it waits with it. */
export function firstOfStream(deliveries: readonly Delivery[], event: string): Commit | undefined {
  const stream = event.slice(0, event.lastIndexOf(':'));
  return deliveries.find(({ commit }) => commit.stream === stream)?.commit;
}

/** Where a batch leaves the follower. */
export function endOf({ cuts }: Pick<ReadyBatch, 'cuts'>): Cut {
  return cuts.last!;
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
  let time: StoreTime = (position.phase === 'topic' ? position.clock : position.feed?.time) ?? '';
  for (const { commit, held } of batch.deliveries) {
    const version = lastVersionOf(commit);
    rows.set(commit.stream, { stream: commit.stream, seen: version, applied: held?.applied ?? version });
    if (commit.time > time) time = commit.time;
  }
  return { time, rows: [...rows.values()] };
}

/** The streams that a batch parks. */
export function parkedBy({ deliveries }: ReadyBatch): readonly ParkedStream[] {
  return deliveries.flatMap(({ held, parks }) => (held !== undefined && parks === true ? [held] : []));
}

/** What a batch parks, and how much longer the parked streams in it wait; `undefined` for nothing. */
export function heldBackOf(batch: ReadyBatch): ParkedChanges | undefined {
  const seen = new Map<string, number>();
  for (const { commit, held } of batch.deliveries) if (held !== undefined) seen.set(held.id, lastVersionOf(commit));
  if (seen.size === 0) return undefined;
  return {
    park: parkedBy(batch),
    seen: [...seen].map(([id, version]) => ({ id, seen: version })),
    ...(endOf(batch).position.phase === 'topic' && { keep: keptOf(batch) }),
  };
}

/** What came by a topic, and waits: it stands in no store of ours. */
function keptOf({ deliveries }: ReadyBatch): readonly HeldCommit[] {
  return deliveries.flatMap(({ commit, held }) => (held === undefined ? [] : [{ id: held.id, key: held.key, commit }]));
}
