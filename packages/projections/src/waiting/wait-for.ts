import type { NotAppliedReason, StoreTime, StreamName } from '@nestfold/core';

/** A commit that somebody waits for: what an append's receipt says of it. */
export interface WaitTarget {
  readonly stream: StreamName;
  /** The version of its last event; 0 for a stream without events, of which nothing is to be waited for. */
  readonly version: number;
  /** The store's time of the append. */
  readonly position: StoreTime;
  /** The stored names of its events; looked up in the store where they are not given. */
  readonly types?: readonly string[];
}

/** How long to wait. */
export interface WaitOptions {
  /** Milliseconds, the look at the store included: with 0 only what needs none counts as applied. Default 2,000. */
  readonly timeoutMs?: number;
}

/** What came of waiting. After `applied: true` a read sees the effect, in this process and in others, in whichever generation is live by then. */
export type WaitOutcome =
  | { readonly applied: true }
  | {
      readonly applied: false;
      readonly reason: NotAppliedReason;
      /** In words, for operators and logs. */
      readonly detail?: string;
    };

export const APPLIED: WaitOutcome = { applied: true };

/** An outcome that is not the one hoped for. */
export function notYet(reason: NotAppliedReason, detail: string): WaitOutcome {
  return { applied: false, reason, detail };
}
