import {
  DocumentExists,
  FedByAnotherStream,
  type DocumentChange,
  type EventEnvelope,
  type StoredDocument,
  type StreamName,
} from '@nestfold/core';
import { changed } from './field-change.js';
import { pathChangesOf, type FieldChanges } from './field-changes.js';
import { PendingUpdate } from './pending-update.js';

/** Who did something: named when the store refuses it. */
export interface Author {
  readonly event: Pick<EventEnvelope, 'id' | 'type' | 'stream'>;
  readonly method: string;
}

const UNREAD = Symbol('unread');
const NOTHING = Symbol('nothing');
type Maybe = StoredDocument | undefined;

/**
 * What a batch knows of one document, and what it has done to it since the last flush. `stored` is what the store holds (or was not asked for);
 * `current` is what it should hold: a document, nothing, or updates of something that was not read.
 */
export class DocumentState {
  /** Who inserted it without knowing whether it was there. */
  insertedBy: Author | undefined;
  /**
   * The same as `current` says, as changes of `stored`: less to write than the whole. Missing where they do not say it; `NOTHING` where there are none so
   * far.
   */
  private delta: PendingUpdate | typeof NOTHING | undefined = NOTHING;
  private feeder: StreamName | undefined;
  private isFeederKnown = false;
  /** Whether the flush that is under way tells the store of it. */
  private isTold = false;
  /** Whatever the store holds is to be replaced, or made. */
  private isPut = false;

  private constructor(
    private readonly collection: string,
    readonly id: string,
    private stored: Maybe | typeof UNREAD,
    private current: Maybe | PendingUpdate,
  ) {}

  static unread(collection: string, id: string): DocumentState {
    return new DocumentState(collection, id, UNREAD, new PendingUpdate(id));
  }

  static read(collection: string, id: string, stored: Maybe): DocumentState {
    return new DocumentState(collection, id, stored, stored);
  }

  /** Whether the document, or that there is none, is known. */
  get isKnown(): boolean {
    return !(this.current instanceof PendingUpdate);
  }

  /** The document as it is by now; only where it is known. */
  get document(): Maybe {
    if (this.current instanceof PendingUpdate) throw new Error(`'${this.id}' of '${this.collection}' was not read.`);
    return this.current;
  }

  get isUnread(): boolean {
    return this.stored === UNREAD;
  }

  /** Insists that one stream only writes it: here among the events of the batch, and by what is told to the store. Throws `FedByAnotherStream`. */
  feed(stream: StreamName): void {
    this.feeder ??= stream;
    if (this.feeder !== stream) throw new FedByAnotherStream(this.collection, this.id, stream, this.feeder);
  }

  /** It was stored with that stream, and nobody else can have written it since. */
  knowFeeder(stream: StreamName): void {
    this.feeder = stream;
    this.isFeederKnown = true;
  }

  /** The stream with which it is stored, after a flush. */
  get storedFeeder(): StreamName | undefined {
    return this.isFeederKnown ? this.feeder : undefined;
  }

  /** Learns what the store holds, and does to it what was pending. Throws `DocumentExists` where an insert was wrong. */
  learn(stored: Maybe): void {
    if (this.insertedBy !== undefined && stored !== undefined) throw new DocumentExists(this.collection, this.id);
    if (this.current instanceof PendingUpdate) this.current = this.current.appliedTo(stored);
    this.stored = stored;
    this.delta = undefined;
    this.insertedBy = undefined;
  }

  /** Answers false when the document must be read first: it was removed, so whether it is in the store matters now. */
  insert(document: StoredDocument, author: Author): boolean {
    if (this.current instanceof PendingUpdate) {
      // Unknown updates before an insert touched nothing, or the insert is refused: so they need not be kept, save for an upsert.
      if (this.current.initial !== undefined) throw new DocumentExists(this.collection, this.id);
      this.insertedBy = author;
    } else if (this.current !== undefined) {
      throw new DocumentExists(this.collection, this.id);
    } else if (this.stored === UNREAD) {
      return false;
    }
    this.current = document;
    this.delta = undefined;
    return true;
  }

  /** Takes the place of whatever is there: nothing need be known of it. */
  put(document: StoredDocument): boolean {
    this.isPut = true;
    this.current = document;
    this.delta = undefined;
    return true;
  }

  /** Answers false when the document must be read first. */
  change(changes: FieldChanges, initial: StoredDocument | undefined): boolean {
    if (this.current instanceof PendingUpdate) return this.changePending(this.current, changes, initial);
    if (this.current === undefined && initial !== undefined && this.stored === UNREAD) return false;
    const start = this.current ?? initial;
    if (start === undefined) return true;
    const byPath = pathChangesOf(changes);
    this.current = changed(start, byPath);
    if (this.delta === NOTHING) this.delta = new PendingUpdate(this.id);
    const { delta } = this;
    if (delta !== undefined && !delta.begin(changes) && !byPath.every((change) => delta.add(change)))
      this.delta = undefined;
    return true;
  }

  /** Answers false when the document must be read first: an insert before it may have been wrong. */
  remove(): boolean {
    if (this.insertedBy !== undefined) return false;
    this.current = undefined;
    this.delta = undefined;
    return true;
  }

  /** Puts another document, or none, in the place of a known one; answers false when the document must be read first. */
  replace(document: Maybe): boolean {
    if (this.stored === UNREAD && (this.current === undefined || document === undefined))
      return document === this.current;
    this.current = document;
    this.delta = undefined;
    return true;
  }

  /** What the store is to do; `undefined` for nothing. */
  toChange(): DocumentChange | undefined {
    const change = this.toOwnChange();
    this.isTold = change !== undefined;
    if (change === undefined || this.feeder === undefined) return change;
    return Object.assign(change, { fedBy: this.feeder }, this.isFeederKnown && { isFeederKnown: true });
  }

  private toOwnChange(): DocumentChange | undefined {
    const { id, current, stored } = this;
    if (current instanceof PendingUpdate) return current.toChange();
    if (current === stored) return undefined;
    if (current === undefined) return { kind: 'remove', id };
    if (this.isPut) return { kind: 'put', id, document: current };
    if (stored === UNREAD || stored === undefined) return { kind: 'insert', id, document: current };
    return this.delta instanceof PendingUpdate ? this.delta.toChange() : { kind: 'replace', id, document: current };
  }

  /** After a flush: what is known is stored now, what was pending is unread again. */
  flushed(): void {
    // The store has looked, or has stored it anew.
    if (this.isTold) this.isFeederKnown = this.isKnown && this.document !== undefined && this.feeder !== undefined;
    this.isTold = false;
    this.insertedBy = undefined;
    this.isPut = false;
    this.delta = NOTHING;
    if (this.current instanceof PendingUpdate) this.current = new PendingUpdate(this.id);
    else this.stored = this.current;
  }

  private changePending(pending: PendingUpdate, changes: FieldChanges, initial: Maybe): boolean {
    let target = pending;
    if (initial !== undefined && pending.initial === undefined) {
      // Updates of a missing document before the upsert must not reach the upserted one.
      if (!pending.isEmpty) return false;
      target = new PendingUpdate(this.id, initial);
    }
    if (target.begin(changes)) {
      this.current = target;
      return true;
    }
    // Changes that fit only in part would be done twice after the read: so a copy takes them. What throws ends the batch, and all of this with it.
    const byPath = pathChangesOf(changes);
    const taker = byPath.length > 1 && !target.surelyTakes(byPath) ? target.copy() : target;
    for (const change of byPath) if (!taker.add(change)) return false;
    this.current = taker;
    return true;
  }
}
