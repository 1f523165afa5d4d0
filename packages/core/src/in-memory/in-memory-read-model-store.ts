import { ConfigurationError } from '../error/configuration.error.js';
import { plainCopy } from '../event/plain-data.js';
import type { StoredDocument } from '../read-model/document-change.js';
import type { ReadModelIndex } from '../read-model/read-model-index.js';
import type { ReadModelStore } from '../read-model/read-model.port.js';
import type { Condition, ReadQuery } from '../read-model/read-query.js';
import type { StreamName } from '../stream/stream-name.js';
import { matches } from './condition-match.js';
import { sortDocuments } from './document-order.js';
import { feederOf } from './feeding-stream.js';
import type { InMemoryDatabase } from './in-memory-database.js';
import { relevanceOf } from './text-relevance.js';

interface Found {
  readonly document: StoredDocument;
  readonly relevance: number;
}

/** Read models in memory. A collection that is not there reads as an empty one. */
export class InMemoryReadModelStore implements ReadModelStore {
  constructor(private readonly database: InMemoryDatabase) {}

  async create(collection: string): Promise<void> {
    this.database.collection(collection);
  }

  async buildIndexes(collection: string, indexes: readonly ReadModelIndex[]): Promise<void> {
    for (const index of indexes) this.database.collection(collection).index(structuredClone(index));
  }

  async drop(collection: string): Promise<void> {
    this.database.collections.delete(collection);
  }

  async findById(collection: string, id: string): Promise<StoredDocument | undefined> {
    const found = this.database.collections.get(collection)?.documents.get(id);
    return found && plainCopy(found);
  }

  async find(collection: string, query: ReadQuery): Promise<readonly StoredDocument[]> {
    const { where = {}, text, sort, skip = 0, limit = Number.POSITIVE_INFINITY } = query;
    const found = this.search(collection, where, text);
    if (sort === undefined && text !== undefined) found.sort((left, right) => right.relevance - left.relevance);
    const documents = found.map(({ document }) => document);
    return sortDocuments(documents, sort)
      .slice(skip, skip + limit)
      .map(plainCopy);
  }

  async count(collection: string, where: Condition, text?: string): Promise<number> {
    return this.search(collection, where, text).length;
  }

  async fedBy(collection: string, stream: StreamName, ids: readonly string[], limit: number): Promise<string[]> {
    return this.documentsOf(collection)
      .filter((document) => {
        const feeder = feederOf(document);
        return feeder === stream || (feeder === undefined && ids.includes(document._id));
      })
      .slice(0, limit)
      .map(({ _id }) => _id);
  }

  async *scan(collection: string): AsyncIterable<StoredDocument> {
    for (const document of sortDocuments(this.documentsOf(collection), { _id: 1 })) yield plainCopy(document);
  }

  private search(collection: string, where: Condition, text: string | undefined): Found[] {
    const found = this.documentsOf(collection).filter((document) => matches(document, where));
    if (text === undefined) return found.map((document) => ({ document, relevance: 0 }));
    const index = this.textIndexOf(collection);
    return found
      .map((document) => ({ document, relevance: relevanceOf(document, text, index) }))
      .filter(({ relevance }) => relevance > 0);
  }

  private textIndexOf(collection: string): ReadModelIndex {
    const index = this.database.collections.get(collection)?.textIndex();
    if (index) return index;
    throw new ConfigurationError(
      `'${collection}' has no text index: declare one on the read model (a key of kind 'text') to search it.`,
      { collection },
    );
  }

  private documentsOf(collection: string): StoredDocument[] {
    return [...(this.database.collections.get(collection)?.documents.values() ?? [])];
  }
}
