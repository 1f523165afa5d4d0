import {
  ChangeRefused,
  DocumentExists,
  type DocumentChange,
  type ReadModelWriter,
  type StoredDocument,
} from '@nestfold/core';
import { changed, type PathChange } from '../fold/field-change.js';

type Update = Extract<DocumentChange, { kind: 'update' }>;
type Maybe = StoredDocument | undefined;

/** Documents in memory, with the laws of a store: what a stream makes of nothing is folded into them page by page. */
export class ScratchDocuments implements ReadModelWriter {
  private readonly collections = new Map<string, Map<string, StoredDocument>>();
  /** What the page under way has replaced. */
  private readonly before = new Map<string, Map<string, Maybe>>();
  private readonly sizes = new Map<string, number>();
  private total = 0;

  /** How many there are. */
  get count(): number {
    return [...this.collections.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** About how many bytes they are, as of the last `endPage`. */
  get bytes(): number {
    return this.total;
  }

  of(collection: string): ReadonlyMap<string, StoredDocument> {
    return this.collections.get(collection) ?? new Map<string, StoredDocument>();
  }

  async find(collection: string, ids: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>> {
    const documents = this.of(collection);
    return new Map(
      ids.flatMap((id) => {
        const document = documents.get(id);
        return document === undefined ? [] : [[id, document]];
      }),
    );
  }

  async apply(collection: string, changes: readonly DocumentChange[]): Promise<void> {
    for (const change of changes)
      this.put(collection, change.id, afterChange(collection, this.of(collection).get(change.id), change));
  }

  patchWhere(): Promise<void> {
    throw new Error('Documents of one stream are not written with patchWhere.');
  }

  /** Takes back what was done since the last `endPage`. */
  undoPage(): void {
    for (const [collection, documents] of this.before)
      for (const [id, document] of documents) this.set(collection, id, document);
    this.before.clear();
  }

  /** Keeps what was done. */
  endPage(): void {
    for (const [collection, documents] of this.before) {
      for (const id of documents.keys()) {
        const key = `${collection}/${id}`;
        const document = this.of(collection).get(id);
        const size = document === undefined ? 0 : JSON.stringify(document).length;
        this.total += size - (this.sizes.get(key) ?? 0);
        this.sizes.set(key, size);
      }
    }
    this.before.clear();
  }

  private put(collection: string, id: string, document: Maybe): void {
    const before = this.before.get(collection) ?? new Map<string, Maybe>();
    this.before.set(collection, before);
    if (!before.has(id)) before.set(id, this.of(collection).get(id));
    this.set(collection, id, document);
  }

  private set(collection: string, id: string, document: Maybe): void {
    const documents = this.collections.get(collection) ?? new Map<string, StoredDocument>();
    this.collections.set(collection, documents);
    if (document === undefined) documents.delete(id);
    else documents.set(id, document);
  }
}

function afterChange(collection: string, target: Maybe, change: DocumentChange): Maybe {
  const { id } = change;
  switch (change.kind) {
    case 'insert':
      if (target !== undefined) throw new DocumentExists(collection, id);
      return change.document;
    case 'replace':
      if (target === undefined) throw new ChangeRefused(collection, id, 'there is nothing that it could replace');
      return change.document;
    case 'put':
      return change.document;
    case 'remove':
      return undefined;
    case 'update': {
      const start = target ?? change.initial;
      return start && changed(start, fieldChanges(change));
    }
  }
}

/** None of the paths is a prefix of another, so their order does not matter. */
function* fieldChanges({ set, unset = [], increment, push }: Update): Iterable<PathChange> {
  for (const [path, value] of Object.entries(set ?? {})) yield { kind: 'set', path, value };
  for (const path of unset) yield { kind: 'unset', path };
  for (const [path, amount] of Object.entries(increment ?? {})) yield { kind: 'increment', path, amount };
  for (const [path, items] of Object.entries(push ?? {})) yield { kind: 'push', path, items };
}
