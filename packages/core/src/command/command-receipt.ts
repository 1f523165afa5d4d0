import type { StoreTime } from '../feed/store-time.js';

/**
 * Why a commit is not in a projection. `timeout`: not yet. `parked`: its stream is held behind an event that could not be applied. `stopped`: an
 * event stopped the projection, or the process that was asked is shutting down. `paused`: by an operator. `unknown`: the process that was asked has no
 * such projection.
 */
export type NotAppliedReason = 'timeout' | 'parked' | 'stopped' | 'paused' | 'unknown';

/** What a command's effect on one aggregate was. Built from what is stored, so a repetition gets the same. */
export interface CommandReceipt {
  /** The aggregate's id. */
  readonly id: string;
  /** The version of the stream after the command. */
  readonly version: number;
  /** The store's time of the append: what a waiter compares with. */
  readonly position: StoreTime;
  /** True when an earlier attempt had done it. */
  readonly repeated: boolean;
  /** Whether the projections that `waitFor` named have applied all that the command wrote; missing where none was named. */
  readonly applied?: boolean;
  /** Why not. */
  readonly reason?: NotAppliedReason;
}
