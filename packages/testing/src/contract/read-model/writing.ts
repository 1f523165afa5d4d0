import type { DocumentChange, StoreConnection, StoredDocument } from '@nestfold/core';
import { expect } from 'vitest';
import type { ContractContext } from '../contract-case.js';
import { withPartition, type Work } from '../checkpoint/sample-partition.js';

/** Writes one batch on a partition of its own, and expects it to be committed. */
export async function inBatch({ store, name }: ContractContext, work: Work): Promise<void> {
  await withPartition(store, name('partition'), async (partition) => {
    expect(await partition.write(work)).toEqual({ kind: 'committed' });
  });
}

/** Applies changes in one batch. */
export function applied(context: ContractContext, collection: string, ...changes: DocumentChange[]): Promise<void> {
  return inBatch(context, (models) => models.apply(collection, changes));
}

/** The insert of a document. */
export function insert(document: StoredDocument): DocumentChange {
  return { kind: 'insert', id: document._id, document };
}

/** A fresh collection that holds these documents. */
export async function collectionOf(context: ContractContext, ...documents: StoredDocument[]): Promise<string> {
  const collection = context.name('documents');
  await context.store.readModels.create(collection);
  if (documents.length > 0) await applied(context, collection, ...documents.map(insert));
  return collection;
}

/** All documents, by `_id`. */
export async function everything(store: StoreConnection, collection: string): Promise<StoredDocument[]> {
  const documents: StoredDocument[] = [];
  for await (const document of store.readModels.scan(collection)) documents.push(document);
  return documents;
}

/** The ids that a query finds, in its order. */
export async function idsOf(found: Promise<readonly StoredDocument[]>): Promise<string[]> {
  return (await found).map(({ _id }) => _id);
}
