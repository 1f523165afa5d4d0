import { isDocumentExists, type DocumentChange, type DocumentExists, type ReadModelWriter } from '@nestfold/core';
import type { ReadModelDefinition } from '../definition/read-model-document.decorator.js';
import type { Slicing } from '../definition/projection.decorator.js';
import type { Fields } from '../definition/write.js';
import type { DocumentMemory } from './document-memory.js';
import { DocumentState } from './document-state.js';
import { notApplied } from './not-applied.js';

/** The stored collection of each read model of a generation, by the model's name. */
export type Collections = Readonly<Record<string, string>>;

/** The documents of one read model that a batch touches: what the store holds, seen through what the batch has done. */
class ModelOverlay {
  private readonly states = new Map<string, DocumentState>();
  /** After a patchWhere what is remembered may have been changed by it. */
  private isPatched = false;
  /** What a patchWhere made unknown again. */
  private readonly dropped = new Set<string>();

  constructor(
    private readonly name: string,
    private readonly collection: string,
    private readonly writer: ReadModelWriter,
    private readonly memory: DocumentMemory | undefined,
    private readonly slicing: Slicing,
  ) {}

  /** `mayMake`: the first thing to be done is one that makes a document where there is none. */
  state(id: string, mayMake = true): DocumentState {
    const present = this.states.get(id);
    if (present !== undefined) return present;
    const recalled = this.memory === undefined || this.isPatched ? 'unknown' : this.memory.recall(this.name, id);
    // What this partition never made may be another one's: then a change of it is for the store to refuse.
    const isUnknown = recalled === 'unknown' || (this.slicing === 'stream' && recalled === undefined && !mayMake);
    const state = isUnknown
      ? DocumentState.unread(this.collection, id)
      : DocumentState.read(this.collection, id, recalled);
    const feeder = isUnknown ? undefined : this.memory?.feederOf(this.name, id);
    if (feeder !== undefined) state.knowFeeder(feeder);
    this.states.set(id, state);
    return state;
  }

  /** Reads what was not read yet, in one go. */
  async read(ids: Iterable<string>): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => this.state(id).isUnread);
    if (missing.length === 0) return;
    const found = await this.writer.find(this.collection, missing);
    for (const id of missing) learn(this.state(id), found.get(id));
  }

  async flush(): Promise<void> {
    const changes: DocumentChange[] = [];
    for (const state of this.states.values()) {
      const change = state.toChange();
      if (change !== undefined) changes.push(change);
    }
    if (changes.length > 0) {
      await this.writer.apply(this.collection, changes).catch((error: unknown) => {
        throw isDocumentExists(error) ? this.namingEvent(error) : error;
      });
    }
    for (const state of this.states.values()) state.flushed();
  }

  /** A barrier: what is pending must match too, and what is known is known no longer. */
  async patchWhere(match: Fields, set: Fields): Promise<void> {
    await this.flush();
    await this.writer.patchWhere(this.collection, match, set);
    this.isPatched = true;
    for (const [id, state] of this.states) {
      if (state.isKnown && state.document === undefined) continue;
      this.states.delete(id);
      this.dropped.add(id);
    }
  }

  /** What the store holds now, if the batch was stored. */
  remember(memory: DocumentMemory): void {
    if (this.isPatched) memory.forgetContents(this.name);
    for (const id of this.dropped) memory.forget(this.name, id);
    for (const [id, state] of this.states) {
      if (state.isKnown) memory.note(this.name, id, state.document, state.storedFeeder);
      else memory.forget(this.name, id);
    }
  }

  private namingEvent(error: DocumentExists): unknown {
    const author = this.states.get(error.id)?.insertedBy;
    return author === undefined ? error : notApplied(author, error);
  }
}

/** The documents of all read models that a batch touches. */
export class Overlay {
  private readonly models = new Map<string, ModelOverlay>();

  constructor(
    private readonly collections: Collections,
    private readonly writer: ReadModelWriter,
    private readonly memory?: DocumentMemory,
    readonly slicing: Slicing = 'single',
  ) {}

  of({ name }: ReadModelDefinition): ModelOverlay {
    const present = this.models.get(name);
    if (present !== undefined) return present;
    const collection = this.collections[name];
    if (collection === undefined) throw new Error(`This generation has no collection for the read model '${name}'.`);
    const model = new ModelOverlay(name, collection, this.writer, this.memory, this.slicing);
    this.models.set(name, model);
    return model;
  }

  /** Hands everything that the batch has done to the store. Errors of the store pass as they are, so that it can tell which to repeat. */
  async flush(): Promise<void> {
    for (const model of this.models.values()) await model.flush();
  }

  /** To be called when the batch was stored. */
  remember(memory: DocumentMemory): void {
    for (const model of this.models.values()) model.remember(memory);
  }
}

function learn(state: DocumentState, stored: Parameters<DocumentState['learn']>[0]): void {
  const author = state.insertedBy;
  try {
    state.learn(stored);
  } catch (error) {
    throw author === undefined ? error : notApplied(author, error);
  }
}
