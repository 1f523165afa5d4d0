import type { DocumentChange, StoredDocument } from './document-change.js';
import type { StreamName } from '../stream/stream-name.js';
import type { ReadModelIndex } from './read-model-index.js';
import type { Condition, ReadQuery } from './read-query.js';

/** Writes documents inside a batch; reads see what the batch has written. */
export interface ReadModelWriter {
  find(collection: string, ids: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>>;
  /**
   * At most one change a document. Throws `FedByAnotherStream`, `DocumentExists` for an insert whose target is there, and `ChangeRefused` for what does not fit its
   * document, a replacement of a missing one, and a value that a unique index refuses.
   */
  apply(collection: string, changes: readonly DocumentChange[]): Promise<void>;
  /** Sets fields of all documents whose fields (dotted paths allowed; an array matches by any element) equal those of `match`. */
  patchWhere(
    collection: string,
    match: Readonly<Record<string, unknown>>,
    set: Readonly<Record<string, unknown>>,
  ): Promise<void>;
}

/** Collections of documents. Writing happens through a batch only, so that a checkpoint always goes with it. */
export interface ReadModelStore {
  /** Makes an empty collection, if it is not there. */
  create(collection: string): Promise<void>;
  /** Builds what is missing; harmless when repeated. */
  buildIndexes(collection: string, indexes: readonly ReadModelIndex[]): Promise<void>;
  drop(collection: string): Promise<void>;
  findById(collection: string, id: string): Promise<StoredDocument | undefined>;
  /** Throws `ConfigurationError` for a search by text where there is no text index. */
  find(collection: string, query: ReadQuery): Promise<readonly StoredDocument[]>;
  count(collection: string, where: Condition, text?: string): Promise<number>;
  /**
   * The ids of the documents that a stream feeds, at most `limit` of them, and of those among `ids` that no stream feeds at all, which only a change by hand
   * leaves behind. Exact as long as nobody writes what that stream feeds. May look at the whole collection.
   */
  fedBy(collection: string, stream: StreamName, ids: readonly string[], limit: number): Promise<readonly string[]>;
  /** All documents in `_id` order. */
  scan(collection: string): AsyncIterable<StoredDocument>;
}
