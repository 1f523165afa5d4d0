import type { StoredDocument, StreamName } from '@nestfold/core';
import { weightOf } from './weight.js';

const MAX_DOCUMENTS = 50_000;
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_IDS = 1_000_000;

/** What the store holds of one read model, as far as it is remembered. */
interface Model {
  /** The stream that feeds a remembered document, where one stream only does. */
  readonly feeders: Map<string, StreamName>;
  readonly documents: Map<string, StoredDocument>;
  /** What they weigh. */
  bytes: number;
  /** All ids that the store holds; given up when there are too many, or when it was not empty at the beginning. */
  ids: Set<string> | undefined;
}

/**
 * The documents of a generation that its only writer remembers from one batch of history to the next, so that it need not read them. To be
 * dropped whenever it is unsure whether a batch was stored. Bounded.
 */
export class DocumentMemory {
  private readonly models = new Map<string, Model>();

  /** `isEmpty`: nothing was ever stored, so what is not remembered is not there. `maxBytes`: what the documents of a read model weigh at most, default 16 MB. */
  constructor(
    private readonly isEmpty: boolean,
    private readonly maxBytes = MAX_BYTES,
  ) {}

  /** The document, `undefined` where there surely is none, `'unknown'` otherwise. */
  recall(model: string, id: string): StoredDocument | undefined | 'unknown' {
    const { documents, ids } = this.of(model);
    const document = documents.get(id);
    if (document !== undefined) return document;
    return ids !== undefined && !ids.has(id) ? undefined : 'unknown';
  }

  /** The stream that surely feeds a document. */
  feederOf(model: string, id: string): StreamName | undefined {
    return this.of(model).feeders.get(id);
  }

  /** Notes what the store holds now, and which stream feeds it where that is only one. */
  note(model: string, id: string, document: StoredDocument | undefined, feeder?: StreamName): void {
    const known = this.of(model);
    this.drop(known, id);
    if (document === undefined) {
      known.ids?.delete(id);
      return;
    }
    known.documents.set(id, document);
    known.bytes += weightOf(document);
    if (feeder !== undefined) known.feeders.set(id, feeder);
    while (known.documents.size > MAX_DOCUMENTS || known.bytes > this.maxBytes) this.forgetOldest(known);
    known.ids?.add(id);
    if (known.ids !== undefined && known.ids.size > MAX_IDS) known.ids = undefined;
  }

  /** The document may be there or not, and hold anything. */
  forget(model: string, id: string): void {
    const known = this.of(model);
    this.drop(known, id);
    known.ids?.add(id);
  }

  /** Documents have changed, nobody knows which; none was added or removed. */
  forgetContents(model: string): void {
    const known = this.of(model);
    known.documents.clear();
    known.bytes = 0;
  }

  private of(name: string): Model {
    const present = this.models.get(name);
    if (present !== undefined) return present;
    const model: Model = {
      documents: new Map(),
      feeders: new Map(),
      bytes: 0,
      ids: this.isEmpty ? new Set() : undefined,
    };
    this.models.set(name, model);
    return model;
  }

  private forgetOldest(known: Model): void {
    for (const id of known.documents.keys()) return this.drop(known, id);
  }

  private drop(known: Model, id: string): void {
    const document = known.documents.get(id);
    if (document !== undefined) known.bytes -= weightOf(document);
    known.documents.delete(id);
    known.feeders.delete(id);
  }
}
