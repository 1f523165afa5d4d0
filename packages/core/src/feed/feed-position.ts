import type { StoreTime } from './store-time.js';

/** Where a follower of the live feed stands. `token` is opaque, but of one feed tokens compare in order as text. */
export interface FeedPosition {
  readonly token: string;
  /** The store's clock up to which everything has been delivered. */
  readonly time: StoreTime;
  /** Of that very time more may follow: what is written at once becomes visible at one time. */
  readonly isInside?: true;
}
