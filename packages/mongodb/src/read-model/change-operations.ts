import type { DocumentChange, StoredDocument, StreamName } from '@nestfold/core';
import type { AnyBulkWriteOperation, Document, Filter } from 'mongodb';
import { holdsDecimal, toBson } from '../connection/bson-mapping.js';
import { FED_BY, type FedDocument } from './feeding-stream.js';

type Update = Extract<DocumentChange, { kind: 'update' }>;

/** One statement of a write command, in the form of the wire, and the document that it is about. */
export interface ChangeOperation {
  readonly id: string;
  readonly kind: DocumentChange['kind'];
  /** The stream that must be feeding the document. */
  readonly fedBy?: StreamName;
  /** `{ q, u }` and perhaps `upsert`, `{ q, limit }`, or the document that is inserted. */
  readonly statement: Document;
}

/** What is freed comes first, so that a value of a unique index can pass from one document to another in a batch. */
const ORDER: readonly DocumentChange['kind'][] = ['remove', 'update', 'replace', 'put', 'insert'];

/** The statements, in order, that make the changes: few commands, since those of a kind stand together. */
export function operationsOf(changes: readonly DocumentChange[]): ChangeOperation[] {
  const byKind = { remove: [], update: [], replace: [], put: [], insert: [] } as Record<
    DocumentChange['kind'],
    ChangeOperation[]
  >;
  for (const change of changes) {
    const { id, kind, fedBy } = change;
    const isSought = fedBy !== undefined && change.isFeederKnown !== true;
    for (const statement of statementsOf(change))
      byKind[kind].push(isSought ? { id, kind, statement, fedBy } : { id, kind, statement });
  }
  return ORDER.flatMap((kind) => byKind[kind]);
}

/** The same for a bulk write of the driver. */
export function bulkWriteOf({ kind, statement }: ChangeOperation): AnyBulkWriteOperation<StoredDocument> {
  const { q: filter, u, upsert } = statement as { q: Filter<StoredDocument>; u: StoredDocument; upsert?: true };
  const options = upsert && { upsert };
  switch (kind) {
    case 'insert':
      return { insertOne: { document: statement as StoredDocument } };
    case 'remove':
      return { deleteOne: { filter } };
    case 'update':
      return { updateOne: { filter, update: u, ...options } };
    case 'replace':
    case 'put':
      return { replaceOne: { filter, replacement: u, ...options } };
  }
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

function statementsOf(change: DocumentChange): Document[] {
  const { fedBy, isFeederKnown } = change;
  // What another stream feeds is then as good as missing. By `_id` alone the server needs no plan, which is a third faster.
  const q = fedBy === undefined || isFeederKnown === true ? { _id: change.id } : { _id: change.id, [FED_BY]: fedBy };
  switch (change.kind) {
    case 'insert':
      return [ownDocument(change.document, change.id, fedBy)];
    case 'replace':
      return [{ q, u: ownDocument(change.document, change.id, fedBy) }];
    case 'put':
      return [{ q, u: ownDocument(change.document, change.id, fedBy), upsert: true }];
    case 'remove':
      return [{ q, limit: 1 }];
    case 'update':
      return updatesOf(change, q);
  }
}

/** With an initial document two statements, of which the first inserts it if nothing is there and else does nothing: no read is needed. */
function updatesOf({ initial, set, unset, increment, push }: Update, q: { readonly _id: string }): Document[] {
  // No spreads: this is done for each document of a batch.
  const update: Document = set === undefined && unset === undefined ? {} : settingUpdate(set ?? {}, unset);
  if (increment !== undefined && isFilled(increment))
    update['$inc'] = holdsDecimal(increment) ? toBson(increment) : increment;
  if (push !== undefined && isFilled(push)) update['$push'] = toBson(mapValues(push, (items) => ({ $each: items })));
  if (initial === undefined) return isFilled(update) ? [{ q, u: update }] : [];
  // An upsert takes the stream from the filter, as it does the `_id`.
  const { _id, ...fields } = initial;
  const upsert = { q, u: { $setOnInsert: toBson(fields) }, upsert: true };
  return isFilled(update) ? [upsert, { q, u: update }] : [upsert];
}

function ownDocument(document: StoredDocument, id: string, fedBy: StreamName | undefined): FedDocument {
  return toBson({ ...document, _id: id, ...(fedBy !== undefined && { [FED_BY]: fedBy }) });
}

function mapValues<V, R>(record: Readonly<Record<string, V>>, map: (value: V) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function isFilled(fields: object): boolean {
  for (const _ in fields) return true;
  return false;
}
