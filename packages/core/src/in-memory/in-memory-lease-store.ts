import type { Lease, LeaseRequest, LeaseStore, ReleaseOptions, StandingLease } from '../lease/lease.port.js';
import type { InMemoryDatabase } from './in-memory-database.js';

/** Leases in memory, judged by the store's clock. Nothing stays open in a dead owner's session here. */
export class InMemoryLeaseStore implements LeaseStore {
  constructor(private readonly database: InMemoryDatabase) {}

  async acquire(key: string, { owner, ttlMs, force = false, knows }: LeaseRequest): Promise<Lease | undefined> {
    const current = this.database.leases.get(key);
    const free = current === undefined || current.owner === owner || current.until.getTime() <= this.database.now();
    const needs = this.database.leases.get(key)?.needs;
    const isFit = needs === undefined || knows === undefined || knows.includes(needs);
    if ((!free || !isFit) && !force) return undefined;
    return this.keep({ key, owner, token: (current?.token ?? 0) + 1, until: this.end(ttlMs) });
  }

  async renew(lease: Lease, ttlMs: number): Promise<Lease | undefined> {
    if (!this.holds(lease)) return undefined;
    return this.keep({ ...lease, until: this.end(ttlMs) });
  }

  async release(lease: Lease, { needs }: ReleaseOptions = {}): Promise<void> {
    if (this.holds(lease)) this.keep({ ...lease, until: new Date(0) }, needs);
  }

  async find(key: string): Promise<Lease | undefined> {
    const lease = this.database.leases.get(key);
    if (lease === undefined || lease.until.getTime() <= this.database.now()) return undefined;
    return { ...lease };
  }

  async findAll(keys: readonly string[]): Promise<readonly StandingLease[]> {
    const taken = keys
      .flatMap((key) => this.database.leases.get(key) ?? [])
      .filter(({ until, needs }) => until.getTime() > 0 || needs !== undefined);
    return taken.map((lease) => ({ ...lease, isExpired: lease.until.getTime() <= this.database.now() }));
  }

  async forget(keys: readonly string[]): Promise<void> {
    const now = this.database.now();
    for (const key of keys)
      if ((this.database.leases.get(key)?.until.getTime() ?? 0) <= now) this.database.leases.delete(key);
  }

  private holds({ key, owner, token }: Lease): boolean {
    const current = this.database.leases.get(key);
    return current?.owner === owner && current.token === token && current.until.getTime() > this.database.now();
  }

  private keep(lease: Lease, needs?: string): Lease {
    this.database.leases.set(lease.key, { ...lease, ...(needs !== undefined && { needs }) });
    return { ...lease };
  }

  private end(ttlMs: number): Date {
    return new Date(this.database.now() + ttlMs);
  }
}
