import type { DocumentChange, StoredDocument } from '@nestfold/core';
import type { AnyBulkWriteOperation, Document } from 'mongodb';
import { toBson } from '../connection/bson-mapping.js';

type Update = Extract<DocumentChange, { kind: 'update' }>;

/** One statement of a bulk write, and the document that it is about. */
export interface ChangeOperation {
  readonly id: string;
  readonly kind: DocumentChange['kind'];
  readonly operation: AnyBulkWriteOperation<StoredDocument>;
}

/** What is freed comes first, so that a value of a unique index can pass from one document to another in a batch. */
const ORDER: readonly DocumentChange['kind'][] = ['remove', 'update', 'replace', 'insert'];

/** The statements of an ordered bulk write that make the changes: few commands, since those of a kind stand together. */
export function operationsOf(changes: readonly DocumentChange[]): ChangeOperation[] {
  return ORDER.flatMap((kind) =>
    changes.flatMap((change) =>
      change.kind === kind ? statementsOf(change).map((operation) => ({ id: change.id, kind, operation })) : [],
    ),
  );
}

/** The update that sets fields; `undefined` removes one. */
export function settingUpdate(set: Readonly<Record<string, unknown>>, unset: readonly string[] = []): Document {
  const kept = Object.entries(set).filter(([, value]) => value !== undefined);
  const removed = [...unset, ...Object.keys(set).filter((path) => set[path] === undefined)];
  return {
    ...(kept.length > 0 && { $set: toBson(Object.fromEntries(kept)) }),
    ...(removed.length > 0 && { $unset: Object.fromEntries(removed.map((path) => [path, ''])) }),
  };
}

function statementsOf(change: DocumentChange): AnyBulkWriteOperation<StoredDocument>[] {
  const filter = { _id: change.id };
  switch (change.kind) {
    case 'insert':
      return [{ insertOne: { document: ownDocument(change.document, change.id) } }];
    case 'replace':
      return [{ replaceOne: { filter, replacement: ownDocument(change.document, change.id) } }];
    case 'remove':
      return [{ deleteOne: { filter } }];
    case 'update':
      return updatesOf(change, filter);
  }
}

/** With an initial document two statements, of which the first inserts it if nothing is there and else does nothing: no read is needed. */
function updatesOf(
  { initial, set = {}, unset, increment = {}, push = {} }: Update,
  filter: { _id: string },
): AnyBulkWriteOperation<StoredDocument>[] {
  const update: Document = {
    ...settingUpdate(set, unset),
    ...(Object.keys(increment).length > 0 && { $inc: toBson(increment) }),
    ...(Object.keys(push).length > 0 && { $push: toBson(mapValues(push, (items) => ({ $each: items }))) }),
  };
  const statements: AnyBulkWriteOperation<StoredDocument>[] = [];
  if (initial) {
    const { _id, ...fields } = initial;
    statements.push({ updateOne: { filter, update: { $setOnInsert: toBson(fields) }, upsert: true } });
  }
  if (Object.keys(update).length > 0) statements.push({ updateOne: { filter, update } });
  return statements;
}

function ownDocument(document: StoredDocument, id: string): StoredDocument {
  return toBson({ ...document, _id: id });
}

function mapValues<V, R>(record: Readonly<Record<string, V>>, map: (value: V) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
