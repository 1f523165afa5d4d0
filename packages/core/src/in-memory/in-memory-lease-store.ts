import type { Lease, LeaseRequest, LeaseStore } from '../lease/lease.port.js';
import type { InMemoryDatabase } from './in-memory-database.js';

/** Leases in memory, judged by the store's clock. Nothing stays open in a dead owner's session here. */
export class InMemoryLeaseStore implements LeaseStore {
  constructor(private readonly database: InMemoryDatabase) {}

  async acquire(key: string, { owner, ttlMs, force = false }: LeaseRequest): Promise<Lease | undefined> {
    const current = this.database.leases.get(key);
    const free = current === undefined || current.owner === owner || current.until.getTime() <= this.database.now();
    if (!free && !force) return undefined;
    return this.keep({ key, owner, token: (current?.token ?? 0) + 1, until: this.end(ttlMs) });
  }

  async renew(lease: Lease, ttlMs: number): Promise<Lease | undefined> {
    if (!this.holds(lease)) return undefined;
    return this.keep({ ...lease, until: this.end(ttlMs) });
  }

  async release(lease: Lease): Promise<void> {
    if (this.holds(lease)) this.keep({ ...lease, until: new Date(0) });
  }

  async find(key: string): Promise<Lease | undefined> {
    const lease = this.database.leases.get(key);
    return lease && lease.until.getTime() > this.database.now() ? { ...lease } : undefined;
  }

  private holds({ key, owner, token }: Lease): boolean {
    const current = this.database.leases.get(key);
    return current?.owner === owner && current.token === token && current.until.getTime() > this.database.now();
  }

  private keep(lease: Lease): Lease {
    this.database.leases.set(lease.key, lease);
    return { ...lease };
  }

  private end(ttlMs: number): Date {
    return new Date(this.database.now() + ttlMs);
  }
}
