import {
  ChangeRefused,
  ConfigurationError,
  type Condition,
  type ReadModelIndex,
  type ReadModelStore,
  type ReadQuery,
  type StoredDocument,
  type StreamName,
} from '@nestfold/core';
import { MongoServerError, type ClientSession, type Collection, type Document, type Filter, type Sort } from 'mongodb';
import { fromBson } from '../connection/bson-mapping.js';
import { MAJORITY } from '../connection/durability.js';
import type { MongoContext } from '../connection/mongo-context.js';
import { DURABLE_IN_TIME } from '../transaction/durable.js';
import { explained, isDuplicateKey } from '../transaction/failure.js';
import { filterOf, sortOf } from './condition-filter.js';
import { FED_BY, UNSEEN } from './feeding-stream.js';
import { indexDescription, searchText } from './read-model-index.js';

const LIMIT_MS = 30_000;
/** There is no index for what operators ask once in a while: it would cost each write. */
const FED_BY_LIMIT_MS = 600_000;
const SCANNED_AT_ONCE = 1_000;
const NAMESPACE_EXISTS = 48;
const NO_TEXT_INDEX = 27;
const OTHER_INDEX: ReadonlySet<unknown> = new Set([85, 86]);

/**
 * Documents of read models: read at majority from the primary and not older than what this connection has seen, so that what was
 * waited for is seen, also from a primary that was just elected. Throws `StoreUnavailable`.
 */
export class MongoReadModelStore implements ReadModelStore {
  constructor(private readonly context: Pick<MongoContext, 'client' | 'db' | 'clock' | 'turns'>) {}

  async create(collection: string): Promise<void> {
    try {
      await this.context.db.createCollection(collection, { writeConcern: DURABLE_IN_TIME });
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === NAMESPACE_EXISTS))
        throw explained(error, 'Making a collection');
    }
  }

  async buildIndexes(collection: string, indexes: readonly ReadModelIndex[]): Promise<void> {
    if (indexes.length === 0) return;
    try {
      await this.of(collection).createIndexes(indexes.map(indexDescription));
    } catch (error) {
      if (isDuplicateKey(error)) throw new ChangeRefused(collection, 'several', String(error), { cause: error });
      if (!(error instanceof MongoServerError && OTHER_INDEX.has(error.code)))
        throw explained(error, 'Building an index');
      throw new ConfigurationError(
        `An index of '${collection}' is there with another definition (${error.message}). Give the changed index a new name, or raise the projection's version.`,
        { collection },
        { cause: error },
      );
    }
  }

  async drop(collection: string): Promise<void> {
    await this.told('Dropping a collection', () => this.of(collection).drop());
  }

  async findById(collection: string, id: string): Promise<StoredDocument | undefined> {
    const found = await this.seen('Reading a document', (session) =>
      this.of(collection).findOne({ _id: id }, { session, maxTimeMS: LIMIT_MS, projection: UNSEEN }),
    );
    return found ? fromBson(found) : undefined;
  }

  async find(
    collection: string,
    { where = {}, text, sort, skip, limit }: ReadQuery,
  ): Promise<readonly StoredDocument[]> {
    // To the database a limit of 0 is none.
    if (limit === 0) return [];
    const order: Sort | undefined = sort
      ? sortOf(sort)
      : text === undefined
        ? undefined
        : { score: { $meta: 'textScore' }, _id: 1 };
    const filter = searching(filterOf(where), text);
    const found = await this.seen('Finding documents', (session) =>
      this.of(collection)
        .find(filter, {
          session,
          maxTimeMS: LIMIT_MS,
          projection: UNSEEN,
          ...(order && { sort: order }),
          ...(skip !== undefined && { skip }),
          ...(limit !== undefined && { limit }),
        })
        .toArray(),
    );
    return found.map(fromBson);
  }

  async count(collection: string, where: Condition, text?: string): Promise<number> {
    const filter = searching(filterOf(where), text);
    return this.seen('Counting documents', (session) =>
      this.of(collection).countDocuments(filter, { session, maxTimeMS: LIMIT_MS }),
    );
  }

  async fedBy(collection: string, stream: StreamName, ids: readonly string[], limit: number): Promise<string[]> {
    const orphans = { _id: { $in: [...ids] }, [FED_BY]: { $exists: false } };
    const what = 'Finding the documents of a stream';
    const { client, clock } = this.context;
    // The engine's own, and it may take long: no turn of those for callers, who would wait that long.
    const found = await this.told(what, () =>
      clock.read(client, (session) =>
        this.of(collection)
          .find(
            { $or: [{ [FED_BY]: stream }, orphans] },
            { session, limit, projection: { _id: 1 }, maxTimeMS: FED_BY_LIMIT_MS },
          )
          .toArray(),
      ),
    );
    return found.map(({ _id }) => _id);
  }

  async *scan(collection: string): AsyncIterable<StoredDocument> {
    const { client, clock } = this.context;
    const session = clock.startSession(client);
    const cursor = this.of(collection).find(
      {},
      { session, sort: { _id: 1 }, batchSize: SCANNED_AT_ONCE, projection: UNSEEN },
    );
    try {
      while (await this.told('Reading documents', () => cursor.hasNext())) {
        for (const document of cursor.readBufferedDocuments()) yield fromBson(document);
      }
    } finally {
      await cursor.close();
      clock.observeOf(session);
      await session.endSession();
    }
  }

  private of(collection: string): Collection<StoredDocument> {
    return this.context.db.collection<StoredDocument>(collection, MAJORITY);
  }

  private seen<T>(what: string, read: (session: ClientSession) => Promise<T>): Promise<T> {
    const { client, clock, turns } = this.context;
    return this.told(what, () => turns.take(what, () => clock.read(client, read)));
  }

  private async told<T>(what: string, operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (error instanceof MongoServerError && error.code === NO_TEXT_INDEX) {
        throw new ConfigurationError(
          `${what}: the read model has no text index. Declare one before searching text.`,
          {},
          { cause: error },
        );
      }
      throw explained(error, what);
    }
  }
}

function searching(filter: Document, text: string | undefined): Filter<StoredDocument> {
  if (text === undefined) return filter;
  return { $text: { $search: searchText(text) }, ...filter };
}
