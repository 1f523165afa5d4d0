import {
  StoreUnavailable,
  type Lease,
  type LeaseRequest,
  type LeaseStore,
  type ReleaseOptions,
  type StandingLease,
} from '@nestfold/core';
import type { Collection } from 'mongodb';
import type { MongoContext } from '../connection/mongo-context.js';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import { DURABLE_IN_TIME } from '../transaction/durable.js';
import { isDuplicateKey, orUnavailable } from '../transaction/failure.js';
import { leaseOf, type LeaseDocument } from './lease-document.js';
import { acquiringUpdate, releasingUpdate, renewingUpdate } from './lease-update.js';
import type { SessionKiller } from './session-killer.js';

const LIMIT_MS = 5_000;
const INSERT_RACES = 5;

/**
 * Leases in a collection, judged by the server's clock and durable before they are answered. Throws `StoreUnavailable`. `find` and `findAll` need no causal
 * time: what a primary that has just been elected tells of the past is a hint where to try, or a status; the acquisition judges the lease as it is, and the
 * checkpoint's token whoever believed too long that it held one.
 */
export class MongoLeaseStore implements LeaseStore {
  private readonly leases: Collection<LeaseDocument>;

  constructor(
    private readonly context: MongoContext,
    private readonly killer: SessionKiller,
  ) {
    this.leases = context.db.collection<LeaseDocument>(COLLECTIONS.leases, {
      ...MAJORITY,
      writeConcern: DURABLE_IN_TIME,
    });
  }

  async acquire(key: string, request: LeaseRequest): Promise<Lease | undefined> {
    const { environment } = this.context;
    const began = environment.now();
    const document = await this.take(key, request);
    const lease = document && leaseOf(document);
    // One's own lease that needs something is listed under one's own name, but not held.
    if (!document || lease?.owner !== request.owner || document.needs !== undefined) return undefined;
    // By force it is taken from somebody alive, whose batch in flight the claim waits for.
    if (!request.force) await this.endOrphans(document, request.session);
    // The server's clock stood still while the operation was blocked: the answer may be a lease that has nearly run out.
    if (environment.now() - began > request.ttlMs / 2) return this.renew(lease, request.ttlMs);
    return lease;
  }

  async renew({ key, owner, token }: Lease, ttlMs: number): Promise<Lease | undefined> {
    const document = await orUnavailable('Renewing a lease', () =>
      this.leases.findOneAndUpdate({ _id: key, owner, token, needs: { $exists: false } }, renewingUpdate(ttlMs), {
        returnDocument: 'after',
        maxTimeMS: LIMIT_MS,
      }),
    );
    return document ? leaseOf(document) : undefined;
  }

  async release({ key, owner, token }: Lease, options: ReleaseOptions = {}): Promise<void> {
    await orUnavailable('Releasing a lease', () =>
      this.leases.updateOne({ _id: key, owner, token }, releasingUpdate(options)),
    );
  }

  async find(key: string): Promise<Lease | undefined> {
    const document = await orUnavailable('Reading a lease', () =>
      this.leases.findOne({ _id: key, $expr: { $gt: ['$until', '$$NOW'] } }, { maxTimeMS: LIMIT_MS }),
    );
    return document ? leaseOf(document) : undefined;
  }

  async findAll(keys: readonly string[]): Promise<readonly StandingLease[]> {
    if (keys.length === 0) return [];
    const found = await orUnavailable('Reading leases', () =>
      this.leases
        .find<LeaseDocument & { isExpired: boolean }>(
          { _id: { $in: [...keys] }, owner: { $exists: true } },
          {
            projection: { owner: 1, token: 1, until: 1, needs: 1, isExpired: { $lte: ['$until', '$$NOW'] } },
            batchSize: keys.length + 1,
            maxTimeMS: LIMIT_MS,
          },
        )
        .toArray(),
    );
    return found.flatMap((document) => {
      const lease = leaseOf(document);
      const { isExpired, needs } = document;
      return lease ? [{ ...lease, isExpired, ...(needs !== undefined && { needs }) }] : [];
    });
  }

  async forget(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const free = { $expr: { $lte: [{ $ifNull: ['$until', '$$NOW'] }, '$$NOW'] } };
    await orUnavailable('Forgetting leases', () => this.leases.deleteMany({ _id: { $in: [...keys] }, ...free }));
  }

  /** Ends what former owners of a lease may have left open, for a claim that is held up. */
  async endFormerSessions(key: string): Promise<void> {
    const document = await this.leases.findOne({ _id: key }, { maxTimeMS: LIMIT_MS });
    if (document) await this.endOrphans(document, document.session);
  }

  private take(key: string, request: LeaseRequest): Promise<LeaseDocument | null> {
    return orUnavailable('Acquiring a lease', async () => {
      const user = request.session === undefined ? undefined : await this.killer.ownUser();
      for (let race = 1; ; race += 1) {
        try {
          return await this.leases.findOneAndUpdate({ _id: key }, acquiringUpdate(request, user), {
            upsert: true,
            returnDocument: 'after',
            maxTimeMS: LIMIT_MS,
          });
        } catch (error) {
          // Two that insert at once: one of them finds the other's document when it looks again.
          if (!isDuplicateKey(error)) throw error;
          if (race === INSERT_RACES)
            throw new StoreUnavailable(`The lease '${key}' could not be acquired.`, {}, { cause: error });
        }
      }
    });
  }

  private async endOrphans({ _id, token, orphans = [] }: LeaseDocument, own: string | undefined): Promise<void> {
    const foreign = orphans.filter(({ session }) => session !== own);
    if (foreign.length === 0 || !(await this.killer.kill(foreign))) return;
    await orUnavailable('Acquiring a lease', () => this.leases.updateOne({ _id, token }, { $unset: { orphans: '' } }));
  }
}
