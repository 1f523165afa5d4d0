import { StoreUnavailable, } from '@nestfold/core';
import { MaxKey, MinKey } from 'mongodb';
import { timestampOf } from '../connection/bson-mapping.js';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import { DURABLE_IN_TIME } from '../transaction/durable.js';
import { isDuplicateKey, isPassing, orUnavailable } from '../transaction/failure.js';
import { checkpointOf } from './checkpoint-document.js';
import { MongoBatchWriter } from './mongo-batch.writer.js';
import { watermarkOf } from './watermark-document.js';
const CLAIM_MS = 1_000;
const CLAIMS = 6;
const SWEPT_AT_ONCE = 5_000;
const LIMIT_MS = 10_000;
/** Checkpoints and watermarks in two collections. Throws `StoreUnavailable` where the database does not do it in time. */
export class MongoCheckpointStore {
    context;
    former;
    checkpoints;
    marks;
    constructor(context, former) {
        this.context = context;
        this.former = former;
        const { db } = context;
        const concerns = { ...MAJORITY, writeConcern: DURABLE_IN_TIME };
        this.checkpoints = db.collection(COLLECTIONS.checkpoints, concerns);
        this.marks = db.collection(COLLECTIONS.watermarks, concerns);
    }
    async find(key) {
        const document = await orUnavailable('Reading a checkpoint', () => this.checkpoints.findOne({ _id: key }, { maxTimeMS: LIMIT_MS }));
        return document ? checkpointOf(document) : undefined;
    }
    async claim(key, token) {
        const batch = this.context.environment.uuid();
        for (let attempt = 1;; attempt += 1) {
            try {
                return await this.stamp(key, token, batch);
            }
            catch (error) {
                if (isDuplicateKey(error)) {
                    // Nothing matched and the insert met what is there: a higher token, or another that claimed for the first time.
                    const found = await this.find(key);
                    if (found && found.token > token)
                        return undefined;
                }
                else if (!isPassing(error)) {
                    throw error;
                }
                if (attempt === CLAIMS)
                    throw new StoreUnavailable(`The checkpoint '${key}' is held up by an open transaction.`, {}, { cause: error });
                if (!isDuplicateKey(error))
                    await this.former.endFormerSessions(key);
            }
        }
    }
    async openWriter() {
        return new MongoBatchWriter(this.context);
    }
    async watermarks(key, streams) {
        if (streams.length === 0)
            return new Map();
        const rows = await orUnavailable('Reading watermarks', () => this.context.db
            .aggregate(latestOfEach(key, streams, this.marks.collectionName), {
            ...MAJORITY,
            maxTimeMS: LIMIT_MS,
            batchSize: streams.length + 1,
        })
            .toArray());
        return new Map(rows.map((row) => [row.s, watermarkOf(row)]));
    }
    async sweep(key, floor) {
        await this.forget({ $gte: { g: key, t: new MinKey() }, $lt: { g: key, t: timestampOf(floor) } });
    }
    async remove(key) {
        await orUnavailable('Removing a checkpoint', () => this.checkpoints.deleteOne({ _id: key }));
        await this.forget({ $gte: { g: key, t: new MinKey() }, $lt: { g: key, t: new MaxKey() } });
    }
    async stamp(key, token, batch) {
        const document = await this.checkpoints.findOneAndUpdate({ _id: key, token: { $lte: token } }, { $set: { token, batch } }, { upsert: true, returnDocument: 'after', maxTimeMS: CLAIM_MS });
        return document ? checkpointOf(document) : undefined;
    }
    /** In portions, outside of any transaction: in one that holds all rows a sweep of a busy generation never ends. */
    async forget(range) {
        for (;;) {
            const ids = await orUnavailable('Sweeping watermarks', () => this.marks
                .find({ _id: range }, { projection: { _id: 1 }, sort: { _id: 1 }, limit: SWEPT_AT_ONCE, batchSize: SWEPT_AT_ONCE, maxTimeMS: LIMIT_MS })
                .toArray());
            if (ids.length > 0) {
                await orUnavailable('Sweeping watermarks', () => this.marks.deleteMany({ _id: { $in: ids.map(({ _id }) => _id) } }));
            }
            if (ids.length < SWEPT_AT_ONCE)
                return;
        }
    }
}
/** For each stream the row of the latest batch that has one, by one descent into the index each. */
function latestOfEach(key, streams, from) {
    return [
        { $documents: streams.map((s) => ({ s: { $literal: s } })) },
        {
            $lookup: {
                from,
                localField: 's',
                foreignField: 'w.s',
                pipeline: [{ $match: { '_id.g': key } }, { $sort: { '_id.t': -1 } }, { $limit: 1 }],
                as: 'latest',
            },
        },
        { $unwind: '$latest' },
        { $set: { row: { $first: { $filter: { input: '$latest.w', cond: { $eq: ['$$this.s', '$s'] } } } } } },
        { $replaceRoot: { newRoot: '$row' } },
    ];
}
