import type { EventEnvelope, ReadModelWriter } from '@nestfold/core';
import type { PrefetchDefinition, ProjectionHandler } from '../definition/projection-definition.js';
import type { Slicing } from '../definition/projection.decorator.js';
import type { ReadModelDefinition } from '../definition/read-model-document.decorator.js';
import { applyStep, tryStep, type Read } from './apply-step.js';
import type { DocumentMemory } from './document-memory.js';
import type { Author } from './document-state.js';
import { notApplied } from './not-applied.js';
import { Overlay, type Collections } from './overlay.js';
import type { Step } from './step.js';
import { copyOf } from './storable.js';

/** A document that a method waits for. */
interface Wanted {
  readonly name: string;
  readonly model: ReadModelDefinition;
  readonly id: string;
}

/** What a batch asks of the projection that it is folded for. */
export interface Folding {
  readonly collections: Collections;
  /** Whether a batch is written before its checkpoint, and may be repeated. */
  readonly isPlain: boolean;
  /** Under `'stream'` a second stream's write of a document is refused. */
  readonly slicing: Slicing;
  /** The methods that take an event. Throws `EventFromNewerBuild`. */
  handlersOf(event: EventEnvelope): readonly ProjectionHandler[];
  /** An event as an instance of its class. */
  revive(event: EventEnvelope): object;
  /** What a method says to an event, given the documents that it asked for. */
  call(handler: ProjectionHandler, event: EventEnvelope, revived: object, documents: object): readonly Step[];
}

/** A call that waits for documents. */
interface Waiting extends Author {
  readonly event: EventEnvelope;
  readonly handler: ProjectionHandler;
  readonly revived: object;
  readonly wanted: readonly Wanted[];
}

/** One call of a method: done already, or waiting. */
type Call = (Author & { readonly steps: readonly Step[] }) | Waiting;

/** How a batch is applied. */
export interface ApplyOptions {
  readonly careful?: boolean;
  readonly memory?: DocumentMemory | undefined;
}

/**
 * Events on their way into the documents of one generation. `add` calls the methods that need no document; `apply` does the
 * rest, as often as the store asks. Applying a batch equals applying its events one by one.
 */
export class FoldBatch {
  private readonly calls: Call[] = [];
  private readonly targets = new Map<ReadModelDefinition, Set<string>>();
  private count = 0;
  private failedAt: Author | undefined;
  private applied: Overlay | undefined;

  /** @internal Made by `ProjectionFold.begin`. */
  constructor(private readonly fold: Folding) {}

  /** Whether it is to be written before its checkpoint. */
  get isPlain(): boolean {
    return this.fold.isPlain;
  }

  /** The events taken whose type is subscribed to. */
  get events(): number {
    return this.count;
  }

  /** The documents that will be touched, as far as they are known before anything is read. */
  get documents(): number {
    let sum = 0;
    for (const ids of this.targets.values()) sum += ids.size;
    return sum;
  }

  /** Whose writes the store refused in a careful `apply`. */
  get suspect(): Author | undefined {
    return this.failedAt;
  }

  /** The fields by which documents of each read model will be found, so that they can be indexed first. */
  get matches(): readonly { readonly model: ReadModelDefinition; readonly fields: readonly string[] }[] {
    const matches: { readonly model: ReadModelDefinition; readonly fields: readonly string[] }[] = [];
    for (const call of this.calls) {
      if (!('steps' in call)) continue;
      for (const step of call.steps)
        if (step.kind === 'patchWhere') matches.push({ model: step.model, fields: Object.keys(step.match) });
    }
    return matches;
  }

  /**
   * Takes the next event; those of other types are passed over. Throws `ProjectionFailed` when a method fails, and `EventFromNewerBuild`;
   * the batch is then as it was before.
   */
  add(event: EventEnvelope): void {
    this.addAll([event]);
  }

  /** Takes the next events, all of them or, when it throws, none. */
  addAll(events: readonly EventEnvelope[]): void {
    const { calls } = this;
    const before = calls.length;
    let count = 0;
    try {
      for (const event of events) {
        const handlers = this.fold.handlersOf(event);
        if (handlers.length > 0) count += 1;
        for (const handler of handlers) calls.push(this.called(event, handler));
      }
    } catch (error) {
      calls.length = before;
      throw error;
    }
    this.count += count;
    for (let at = before; at < calls.length; at += 1) this.note(calls[at]!);
  }

  /**
   * Writes what the events say, through a batch of the store; repeatable. Errors of the store pass as they are. `careful` hands over each
   * event's writes by themselves, so that `suspect` names the one that the store refuses. What `memory` holds is not read.
   */
  async apply(writer: ReadModelWriter, options: ApplyOptions = {}): Promise<void> {
    const overlay = new Overlay(this.fold.collections, writer, options.memory, this.fold.slicing);
    this.applied = overlay;
    const readAhead = new Set<ReadModelDefinition>();
    let at = 0;
    const read: Read = async (model, ids) => {
      // The documents that later calls are known to need are read with the first: until a patchWhere, one read a model.
      const later = readAhead.has(model) ? [] : this.wantedFrom(at, model);
      readAhead.add(model);
      await overlay.of(model).read([...ids, ...later]);
    };
    for (const call of this.calls) {
      this.failedAt = call;
      for (const step of 'steps' in call ? call.steps : await this.answered(call, overlay, read)) {
        // Most need nothing of the store, and waiting for nothing would be felt.
        if (!tryStep(step, call, overlay)) await applyStep(step, call, overlay, read);
        if (step.kind === 'patchWhere') readAhead.delete(step.model);
      }
      if (options.careful) await overlay.flush();
      at += 1;
    }
    await overlay.flush();
    this.failedAt = undefined;
  }

  /** Notes what the last `apply` has left in the store. To be called when the store has said that it is stored. */
  remember(memory: DocumentMemory): void {
    this.applied?.remember(memory);
  }

  private called(event: EventEnvelope, handler: ProjectionHandler): Call {
    const { method } = handler;
    // The batch holds its commits anyway: the event costs less than a copy of what names it.
    try {
      const revived = this.fold.revive(event);
      if (handler.prefetch.length > 0)
        return { event, method, handler, revived, wanted: handler.prefetch.map((one) => wantedBy(one, revived)) };
      return { event, method, steps: this.fold.call(handler, event, revived, {}) };
    } catch (error) {
      throw notApplied({ event, method }, error);
    }
  }

  private async answered(call: Waiting, overlay: Overlay, read: Read): Promise<readonly Step[]> {
    const documents: Record<string, unknown> = {};
    for (const { name, model, id } of call.wanted) {
      const state = overlay.of(model).state(id);
      if (!state.isKnown) await read(model, [id]);
      documents[name] = copyOf(state.document);
    }
    try {
      return this.fold.call(call.handler, call.event, call.revived, documents);
    } catch (error) {
      throw notApplied(call, error);
    }
  }

  private note(call: Call): void {
    if (!('steps' in call)) return call.wanted.forEach(({ model, id }) => this.targetsOf(model).add(id));
    for (const step of call.steps) if (step.kind !== 'patchWhere') this.targetsOf(step.model).add(step.id);
  }

  private targetsOf(model: ReadModelDefinition): Set<string> {
    let present = this.targets.get(model);
    if (present === undefined) this.targets.set(model, (present = new Set()));
    return present;
  }

  /** The documents of a read model that are known to be needed, up to the next patchWhere of it. */
  private wantedFrom(index: number, model: ReadModelDefinition): string[] {
    const ids: string[] = [];
    for (const call of this.calls.slice(index)) {
      if (!('steps' in call)) ids.push(...call.wanted.filter((one) => one.model === model).map(({ id }) => id));
      else if (call.steps.some((step) => step.kind === 'patchWhere' && step.model === model)) break;
      else ids.push(...call.steps.flatMap((step) => (step.kind === 'reduce' && step.model === model ? [step.id] : [])));
    }
    return ids;
  }
}

function wantedBy({ name, model, id }: PrefetchDefinition, revived: object): Wanted {
  const wanted: unknown = id(revived);
  if (typeof wanted !== 'string' || wanted === '')
    throw new TypeError(
      `The id of '${name}' in its 'with' must be text that is not empty, but is ${JSON.stringify(wanted)}.`,
    );
  return { name, model, id: wanted };
}
