/** The right to work on something alone, for a time that the store's clock measures. */
export interface Lease {
  readonly key: string;
  readonly owner: string;
  /** Rises at every acquisition: whoever holds the higher one is right. */
  readonly token: number;
  readonly until: Date;
}

/** A lease that somebody took and did not give back, or gave back to whoever has what it needs. */
export interface StandingLease extends Lease {
  /** By the store's clock: anybody may take it who has what it needs. */
  readonly isExpired: boolean;
  /** What its last owner lacked, such as `order.placed@3`. */
  readonly needs?: string;
}

/** What an acquirer says of itself. */
export interface LeaseRequest {
  /** A fresh UUID per process start. */
  readonly owner: string;
  readonly ttlMs: number;
  /** The database session with which the owner will write; a later taker ends what is open in it. */
  readonly session?: string;
  /** Take it even though it has not expired: a swap does, whose old owner is then fenced. */
  readonly force?: boolean;
  /** What the acquirer has: a lease that needs something else is refused. Missing: needs do not matter. */
  readonly knows?: readonly string[];
}

/** How a lease is given back. */
export interface ReleaseOptions {
  readonly sessionOpen?: boolean;
  readonly needs?: string;
}

/**
 * Leases. An implementer owes: of several acquirers one wins; expiry is judged by the store's clock; an acquisition is
 * durable before it is answered; what a dead owner's session holds open is ended before the lease is answered.
 */
export interface LeaseStore {
  /** Answers `undefined` while somebody else holds it, or it needs what the acquirer lacks. Acquiring one's own lease again raises the token; any acquisition clears the need. */
  acquire(key: string, request: LeaseRequest): Promise<Lease | undefined>;
  /** Answers `undefined` when the lease was lost. */
  renew(lease: Lease, ttlMs: number): Promise<Lease | undefined>;
  /**
   * Frees it at once; nothing happens when it was lost meanwhile. `sessionOpen` says that something still hangs in the owner's session: it
   * stays named then, and the next acquirer ends it. `needs` says what the owner lacked: from then on only those get it who know that.
   */
  release(lease: Lease, options?: ReleaseOptions): Promise<void>;
  /** Who holds it now, by the store's clock; `undefined` when it is free or has expired. */
  find(key: string): Promise<Lease | undefined>;
  /** Those of several leases that were taken and not released since, expired ones too, and free ones that need something: one question for all partitions of a generation. */
  findAll(keys: readonly string[]): Promise<readonly StandingLease[]>;
  /** Knows nothing more of those that are free, their tokens neither: for keys that nobody is going to use again. One that is held stays as it is. */
  forget(keys: readonly string[]): Promise<void>;
}
