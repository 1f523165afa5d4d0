import type { EventEnvelope, StoredDocument } from '@nestfold/core';
import type { ReadModelDefinition } from '../definition/read-model-document.decorator.js';
import type { Fields, WriteIntent } from '../definition/write.js';
import { intentOf, type Write } from '../definition/write.js';
import { checkedPath } from './document-path.js';
import type { PathChange } from './field-change.js';
import { storable, storableFields } from './storable.js';

/** A write that is checked and copied, so that it can be applied more than once: what the fold works on. */
export type Step = { readonly model: ReadModelDefinition } & (
  | { readonly kind: 'insert'; readonly id: string; readonly document: StoredDocument }
  /** An insert in plain mode. */
  | { readonly kind: 'put'; readonly id: string; readonly document: StoredDocument }
  | {
      readonly kind: 'change';
      readonly id: string;
      readonly changes: readonly PathChange[];
      readonly initial?: StoredDocument;
    }
  | { readonly kind: 'remove'; readonly id: string }
  | {
      readonly kind: 'reduce';
      readonly id: string;
      readonly reduce: (document: Fields | undefined) => object | undefined;
    }
  | { readonly kind: 'patchWhere'; readonly match: Fields; readonly set: Fields }
);

/** One method's answer to one event. */
export interface Answer {
  readonly event: EventEnvelope;
  readonly method: string;
  readonly steps: readonly Step[];
}

/** The steps of what a method returned. Throws `TypeError` for what cannot be stored and for a read model that is not the projection's. */
export function stepsOf(
  result: Write | readonly Write[] | undefined,
  models: ReadonlyMap<unknown, ReadModelDefinition>,
): Step[] {
  if (result === undefined) return [];
  const writes = Array.isArray(result) ? (result as readonly Write[]) : [result as Write];
  return writes.map((write) => {
    const intent = intentOf(write);
    const model = models.get(intent.model);
    if (model === undefined)
      throw new TypeError(`It writes ${intent.model.name}, which is not among the projection's read models.`);
    return stepOf(intent, model);
  });
}

function stepOf(intent: WriteIntent, model: ReadModelDefinition): Step {
  switch (intent.kind) {
    case 'insert':
      return { model, kind: 'insert', id: intent.id, document: documentOf(intent.id, intent.document, model) };
    case 'patch':
      return {
        model,
        kind: 'change',
        id: intent.id,
        changes: changesOf(intent.changes, patchOf),
      };
    case 'increment':
      return {
        model,
        kind: 'change',
        id: intent.id,
        changes: changesOf(intent.by, incrementOf),
        ...(intent.initial && { initial: documentOf(intent.id, intent.initial, model) }),
      };
    case 'push':
      return {
        model,
        kind: 'change',
        id: intent.id,
        changes: [pushOf(checkedPath(intent.field), intent.items)],
      };
    case 'patchWhere':
      return {
        model,
        kind: 'patchWhere',
        match: plainFields(intent.match),
        set: plainFields(intent.changes, checkedPath),
      };
    case 'remove':
    case 'reduce':
      return { ...intent, model };
  }
}

/** As long as it needs to be: one that grows has place for seventeen, and there is one for each event of a batch. */
function changesOf(fields: Fields, changeOf: (path: string, value: unknown) => PathChange): PathChange[] {
  return Object.keys(fields).map((path) => changeOf(checkedPath(path), fields[path]));
}

const patchOf = (path: string, value: unknown): PathChange =>
  value === undefined ? { kind: 'unset', path } : { kind: 'set', path, value: storable(value, path) };

const incrementOf = (path: string, amount: unknown): PathChange => ({ kind: 'increment', path, amount });

const pushOf = (path: string, items: readonly unknown[]): PathChange => ({
  kind: 'push',
  path,
  items: storable(items, path) as unknown[],
});

function plainFields(fields: Fields, check: (path: string) => string = (path) => path): Fields {
  return Object.fromEntries(Object.entries(fields).map(([path, value]) => [check(path), storable(value, path)]));
}

/** A document as it is stored: copied, checked, under its id. */
export function documentOf(id: string, fields: object, model: ReadModelDefinition): StoredDocument {
  return Object.assign(storableFields(fields, model.name), { _id: id });
}
