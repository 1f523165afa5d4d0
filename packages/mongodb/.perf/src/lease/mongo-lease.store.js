import { StoreUnavailable } from '@nestfold/core';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import { DURABLE_IN_TIME } from '../transaction/durable.js';
import { isDuplicateKey, orUnavailable } from '../transaction/failure.js';
import { leaseOf } from './lease-document.js';
import { acquiringUpdate, renewingUpdate } from './lease-update.js';
const LIMIT_MS = 5_000;
const INSERT_RACES = 5;
/** Leases in a collection, judged by the server's clock and durable before they are answered. Throws `StoreUnavailable`. */
export class MongoLeaseStore {
    context;
    killer;
    leases;
    constructor(context, killer) {
        this.context = context;
        this.killer = killer;
        this.leases = context.db.collection(COLLECTIONS.leases, { ...MAJORITY, writeConcern: DURABLE_IN_TIME });
    }
    async acquire(key, request) {
        const { environment } = this.context;
        const began = environment.now();
        const document = await this.take(key, request);
        const lease = document && leaseOf(document);
        if (!document || lease?.owner !== request.owner)
            return undefined;
        // By force it is taken from somebody alive, whose batch in flight the claim waits for.
        if (!request.force)
            await this.endOrphans(document, request.session);
        // The server's clock stood still while the operation was blocked: the answer may be a lease that has nearly run out.
        if (environment.now() - began > request.ttlMs / 2)
            return this.renew(lease, request.ttlMs);
        return lease;
    }
    async renew({ key, owner, token }, ttlMs) {
        const document = await orUnavailable('Renewing a lease', () => this.leases.findOneAndUpdate({ _id: key, owner, token }, renewingUpdate(ttlMs), {
            returnDocument: 'after',
            maxTimeMS: LIMIT_MS,
        }));
        return document ? leaseOf(document) : undefined;
    }
    async release({ key, owner, token }) {
        await orUnavailable('Releasing a lease', () => this.leases.updateOne({ _id: key, owner, token }, { $set: { until: new Date(0) }, $unset: { owner: '', session: '', user: '' } }));
    }
    async find(key) {
        const document = await orUnavailable('Reading a lease', () => this.leases.findOne({ _id: key, $expr: { $gt: ['$until', '$$NOW'] } }, { maxTimeMS: LIMIT_MS }));
        return document ? leaseOf(document) : undefined;
    }
    /** Ends what former owners of a lease may have left open, for a claim that is held up. */
    async endFormerSessions(key) {
        const document = await this.leases.findOne({ _id: key }, { maxTimeMS: LIMIT_MS });
        if (document)
            await this.endOrphans(document, document.session);
    }
    take(key, request) {
        return orUnavailable('Acquiring a lease', async () => {
            const user = request.session === undefined ? undefined : await this.killer.ownUser();
            for (let race = 1;; race += 1) {
                try {
                    return await this.leases.findOneAndUpdate({ _id: key }, acquiringUpdate(request, user), {
                        upsert: true,
                        returnDocument: 'after',
                        maxTimeMS: LIMIT_MS,
                    });
                }
                catch (error) {
                    // Two that insert at once: one of them finds the other's document when it looks again.
                    if (!isDuplicateKey(error))
                        throw error;
                    if (race === INSERT_RACES)
                        throw new StoreUnavailable(`The lease '${key}' could not be acquired.`, {}, { cause: error });
                }
            }
        });
    }
    async endOrphans({ _id, token, orphans = [] }, own) {
        const foreign = orphans.filter(({ session }) => session !== own);
        if (foreign.length === 0 || !(await this.killer.kill(foreign)))
            return;
        await orUnavailable('Acquiring a lease', () => this.leases.updateOne({ _id, token }, { $unset: { orphans: '' } }));
    }
}
