import { ChangeRefused } from '../error/read-side.errors.js';
import type { StoredDocument } from '../read-model/document-change.js';
import type { ReadModelIndex } from '../read-model/read-model-index.js';
import { valueAt } from './document-path.js';
import { equalValues } from './value-order.js';

/** The documents of one read model, and its indexes. Documents are replaced, never written into. */
export class Collection {
  readonly documents = new Map<string, StoredDocument>();
  readonly indexes = new Map<string, ReadModelIndex>();

  constructor(readonly name: string) {}

  /** Adds an index. Throws `ChangeRefused` when it is unique and documents share a value. */
  index(index: ReadModelIndex): void {
    for (const document of this.documents.values())
      insistOnUnique(this.name, [index], document, this.documents.values());
    this.indexes.set(index.name, index);
  }

  /** Throws `ChangeRefused` when one of `others` has the same value in a unique index. */
  insistOnUnique(document: StoredDocument, others: Iterable<StoredDocument>): void {
    insistOnUnique(this.name, this.indexes.values(), document, others);
  }

  textIndex(): ReadModelIndex | undefined {
    return [...this.indexes.values()].find(({ keys }) => Object.values(keys).includes('text'));
  }
}

function insistOnUnique(
  collection: string,
  indexes: Iterable<ReadModelIndex>,
  document: StoredDocument,
  others: Iterable<StoredDocument>,
): void {
  for (const { name, keys, unique } of indexes) {
    if (unique !== true) continue;
    for (const other of others) {
      // A missing field counts as null, as in a database.
      const alike = (path: string): boolean =>
        equalValues(valueAt(other, path) ?? null, valueAt(document, path) ?? null);
      if (other._id !== document._id && Object.keys(keys).every(alike)) {
        throw new ChangeRefused(
          collection,
          document._id,
          `the index '${name}' is unique, and '${other._id}' has the same value`,
        );
      }
    }
  }
}
