import { isChangeRefused } from '../error/read-side.errors.js';
import type { DocumentChange, StoredDocument } from '../read-model/document-change.js';
import { changedDocument, patchedDocument } from './changed-document.js';
import type { Collection } from './collection.js';
import { equalFields } from './condition-match.js';
import type { InMemoryDatabase } from './in-memory-database.js';

/**
 * Changes that nobody else sees until they are published, all at once. Documents are compared by identity: one that another
 * draft has replaced meanwhile makes this one stale, and its work is to be done again.
 */
export class DocumentDraft {
  private readonly drafts = new Map<string, CollectionDraft>();

  constructor(private readonly database: InMemoryDatabase) {}

  of(collection: string): CollectionDraft {
    const existing = this.drafts.get(collection);
    if (existing) return existing;
    const draft = new CollectionDraft(this.database.collection(collection));
    this.drafts.set(collection, draft);
    return draft;
  }

  /** Answers false, and changes nothing, when the draft is stale. */
  publish(): boolean {
    const drafts = [...this.drafts.values()];
    if (!drafts.every((draft) => draft.isCurrent())) return false;
    for (const draft of drafts) draft.publish();
    return true;
  }
}

/** What a draft makes of one collection. */
export class CollectionDraft {
  /** What the store held when a document was first looked at. */
  private readonly seen = new Map<string, StoredDocument | undefined>();
  private readonly written = new Map<string, StoredDocument | undefined>();

  constructor(private readonly collection: Collection) {}

  find(id: string): StoredDocument | undefined {
    if (this.written.has(id)) return this.written.get(id);
    const stored = this.collection.documents.get(id);
    if (!this.seen.has(id)) this.seen.set(id, stored);
    return stored;
  }

  apply(change: DocumentChange): void {
    this.write(change.id, changedDocument(this.collection.name, this.find(change.id), change));
  }

  patchWhere(match: Readonly<Record<string, unknown>>, set: Readonly<Record<string, unknown>>): void {
    for (const document of [...this.all()]) {
      if (!equalFields(document, match)) continue;
      this.find(document._id);
      this.write(document._id, patchedDocument(this.collection.name, document, set));
    }
  }

  isCurrent(): boolean {
    for (const [id, document] of this.seen) if (this.collection.documents.get(id) !== document) return false;
    try {
      for (const document of this.written.values()) if (document) this.collection.insistOnUnique(document, this.all());
      return true;
    } catch (error) {
      // Another draft took a unique value meanwhile: the work, done again, meets it and says so.
      if (isChangeRefused(error)) return false;
      throw error;
    }
  }

  publish(): void {
    for (const [id, document] of this.written) {
      if (document) this.collection.documents.set(id, document);
      else this.collection.documents.delete(id);
    }
  }

  private write(id: string, document: StoredDocument | undefined): void {
    if (document) this.collection.insistOnUnique(document, this.all());
    this.written.set(id, document);
  }

  private *all(): Generator<StoredDocument> {
    for (const [id, document] of this.collection.documents) if (!this.written.has(id)) yield document;
    for (const document of this.written.values()) if (document) yield document;
  }
}
