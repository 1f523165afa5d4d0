import { ChangeRefused, ConfigurationError, } from '@nestfold/core';
import { MongoServerError } from 'mongodb';
import { fromBson } from '../connection/bson-mapping.js';
import { MAJORITY } from '../connection/durability.js';
import { DURABLE_IN_TIME } from '../transaction/durable.js';
import { explained, isDuplicateKey } from '../transaction/failure.js';
import { filterOf, sortOf } from './condition-filter.js';
import { indexDescription, searchText } from './read-model-index.js';
const LIMIT_MS = 30_000;
const SCANNED_AT_ONCE = 1_000;
const NAMESPACE_EXISTS = 48;
const NO_TEXT_INDEX = 27;
const OTHER_INDEX = new Set([85, 86]);
/** Documents of read models: read at majority from the primary, so that what was waited for is seen. Throws `StoreUnavailable`. */
export class MongoReadModelStore {
    db;
    constructor(db) {
        this.db = db;
    }
    async create(collection) {
        try {
            await this.db.createCollection(collection, { writeConcern: DURABLE_IN_TIME });
        }
        catch (error) {
            if (!(error instanceof MongoServerError && error.code === NAMESPACE_EXISTS))
                throw explained(error, 'Making a collection');
        }
    }
    async buildIndexes(collection, indexes) {
        if (indexes.length === 0)
            return;
        try {
            await this.of(collection).createIndexes(indexes.map(indexDescription));
        }
        catch (error) {
            if (isDuplicateKey(error))
                throw new ChangeRefused(collection, 'several', String(error), { cause: error });
            if (!(error instanceof MongoServerError && OTHER_INDEX.has(error.code)))
                throw explained(error, 'Building an index');
            throw new ConfigurationError(`An index of '${collection}' is there with another definition (${error.message}). Give the changed index a new name, or raise the projection's version.`, { collection }, { cause: error });
        }
    }
    async drop(collection) {
        await this.told('Dropping a collection', () => this.of(collection).drop());
    }
    async findById(collection, id) {
        const found = await this.told('Reading a document', () => this.of(collection).findOne({ _id: id }, { maxTimeMS: LIMIT_MS }));
        return found ? fromBson(found) : undefined;
    }
    async find(collection, { where = {}, text, sort, skip, limit }) {
        // To the database a limit of 0 is none.
        if (limit === 0)
            return [];
        const order = sort ? sortOf(sort) : text === undefined ? undefined : { score: { $meta: 'textScore' }, _id: 1 };
        const filter = searching(filterOf(where), text);
        const found = await this.told('Finding documents', () => this.of(collection)
            .find(filter, {
            maxTimeMS: LIMIT_MS,
            ...(order && { sort: order }),
            ...(skip !== undefined && { skip }),
            ...(limit !== undefined && { limit }),
        })
            .toArray());
        return found.map(fromBson);
    }
    async count(collection, where, text) {
        const filter = searching(filterOf(where), text);
        return this.told('Counting documents', () => this.of(collection).countDocuments(filter, { maxTimeMS: LIMIT_MS }));
    }
    async *scan(collection) {
        const cursor = this.of(collection).find({}, { sort: { _id: 1 }, batchSize: SCANNED_AT_ONCE });
        try {
            while (await this.told('Reading documents', () => cursor.hasNext())) {
                for (const document of cursor.readBufferedDocuments())
                    yield fromBson(document);
            }
        }
        finally {
            await cursor.close();
        }
    }
    of(collection) {
        return this.db.collection(collection, MAJORITY);
    }
    async told(what, operation) {
        try {
            return await operation();
        }
        catch (error) {
            if (error instanceof MongoServerError && error.code === NO_TEXT_INDEX) {
                throw new ConfigurationError(`${what}: the read model has no text index. Declare one before searching text.`, {}, { cause: error });
            }
            throw explained(error, what);
        }
    }
}
function searching(filter, text) {
    if (text === undefined)
        return filter;
    return { $text: { $search: searchText(text) }, ...filter };
}
