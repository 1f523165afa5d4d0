import type { StoreTime } from '../feed/store-time.js';

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
}
