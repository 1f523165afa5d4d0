import type { PayloadCodec, StoreCapability, StoreConnection } from '@nestfold/core';

/** How an adapter's live feed forgets: never, or when the test says so. */
export type LiveHistory =
  | 'kept'
  | {
      /** Returns once the live feed reaches no moment before this call any more, neither by time nor by position. */
      readonly lose: () => Promise<void>;
    };

/**
 * One store under the contract. What an implementer owes: all connections of a fixture see the same store, which was
 * empty at the first one and which nobody else writes; each connection is to the store as another process.
 *
 * Differences between stores are declared here and then checked: a store must do what it declares and refuse the rest.
 * No case is left out for any fixture.
 */
export interface StoreFixture {
  /** What the store does beyond one stream an append; anything else it must refuse with `UnsupportedCapability`. */
  readonly capabilities: readonly StoreCapability[];
  readonly liveHistory: LiveHistory;
  /** How long a case waits for what must happen, in milliseconds: 5,000 is plenty for a healthy store. */
  readonly patienceMs: number;
  /** Opens a connection. The suites close what they open. */
  connect(options?: { readonly codec?: PayloadCodec }): Promise<StoreConnection>;
  /** Returns when so much time has certainly passed by the store's clock: by waiting, or by moving a virtual clock. */
  elapse(milliseconds: number): Promise<void>;
  /** Makes a node's last heartbeat more than 30 s old by the store's clock: by moving the clock, or what is stored. */
  silence(node: string): Promise<void>;
  /** Removes the store. Called once, after the suite's connections are closed. */
  dispose(): Promise<void>;
}
