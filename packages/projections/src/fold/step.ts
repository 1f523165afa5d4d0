import type { EventEnvelope, StoredDocument } from '@nestfold/core';
import type { ReadModelDefinition } from '../definition/read-model-document.decorator.js';
import type { Fields, WriteIntent } from '../definition/write.js';
import { intentOf, type Write } from '../definition/write.js';
import { checkedPath } from './document-path.js';
import type { FieldChanges } from './field-changes.js';
import { storable, storableFields } from './storable.js';

/** A write that is checked and copied, so that it can be applied more than once: what the fold works on. */
export type Step = { readonly model: ReadModelDefinition } & (
  | { readonly kind: 'insert'; readonly id: string; readonly document: StoredDocument }
  /** An insert in plain mode. */
  | { readonly kind: 'put'; readonly id: string; readonly document: StoredDocument }
  | ({ readonly id: string; readonly initial?: StoredDocument } & FieldChanges)
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
      return { model, kind: 'patch', id: intent.id, fields: patchedFields(intent.changes) };
    case 'increment':
      return incrementOf(intent, model);
    case 'push': {
      const { id, field, items } = intent;
      return { model, kind: 'push', id, fields: { [checkedPath(field)]: storable(items, field) } };
    }
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

function incrementOf(
  { id, by, initial }: Extract<WriteIntent, { kind: 'increment' }>,
  model: ReadModelDefinition,
): Step {
  for (const path in by) checkedPath(path);
  const fields = { ...by };
  if (initial === undefined) return { model, kind: 'increment', id, fields };
  return { model, kind: 'increment', id, fields, initial: documentOf(id, initial, model) };
}

function patchedFields(changes: Fields): Fields {
  const fields: Record<string, unknown> = {};
  for (const path of Object.keys(changes)) {
    const value = changes[path];
    fields[checkedPath(path)] = value === undefined ? undefined : storable(value, path);
  }
  return fields;
}

function plainFields(fields: Fields, check: (path: string) => string = (path) => path): Fields {
  return Object.fromEntries(Object.entries(fields).map(([path, value]) => [check(path), storable(value, path)]));
}

/** A document as it is stored: copied, checked, under its id. */
export function documentOf(id: string, fields: object, model: ReadModelDefinition): StoredDocument {
  return Object.assign(storableFields(fields, model.name), { _id: id });
}
