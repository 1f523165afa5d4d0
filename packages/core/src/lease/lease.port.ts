/** The right to work on something alone, for a time that the store's clock measures. */
export interface Lease {
  readonly key: string;
  readonly owner: string;
  /** Rises at every acquisition: whoever holds the higher one is right. */
  readonly token: number;
  readonly until: Date;
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
}

/**
 * Leases. An implementer owes: of several acquirers one wins; expiry is judged by the store's clock; an acquisition is
 * durable before it is answered; what a dead owner's session holds open is ended before the lease is answered.
 */
export interface LeaseStore {
  /** Answers `undefined` while somebody else holds it. Acquiring one's own lease again raises the token. */
  acquire(key: string, request: LeaseRequest): Promise<Lease | undefined>;
  /** Answers `undefined` when the lease was lost. */
  renew(lease: Lease, ttlMs: number): Promise<Lease | undefined>;
  /** Frees it at once; nothing happens when it was lost meanwhile. */
  release(lease: Lease): Promise<void>;
  /** Who holds it now, by the store's clock; `undefined` when it is free or has expired. */
  find(key: string): Promise<Lease | undefined>;
}
