import { FedByAnotherStream, type StoredDocument, type StreamName } from '@nestfold/core';
import type { ClientSession, Collection, Filter } from 'mongodb';
import { MAJORITY } from '../connection/durability.js';

/** The field of a document that names the stream which feeds it. */
export const FED_BY = '_fedBy';

/** What readers are given: all but that field. */
export const UNSEEN = { [FED_BY]: 0 } as const;

/** A document as it is stored. */
export type FedDocument = StoredDocument & { readonly [FED_BY]?: StreamName };

/** The documents that changes are about and that others than their own streams feed: one read, asked for only where not all were found. */
export async function foreignAmong(
  documents: Collection<StoredDocument>,
  operations: readonly { readonly id: string; readonly fedBy?: StreamName }[],
  session: ClientSession | undefined,
): Promise<FedByAnotherStream | undefined> {
  const streams = new Map(operations.flatMap(({ id, fedBy }) => (fedBy === undefined ? [] : [[id, fedBy]])));
  if (streams.size === 0) return undefined;
  const filter: Filter<StoredDocument> = { _id: { $in: [...streams.keys()] } };
  const options = session ? { session } : MAJORITY;
  const found = await documents
    .find<FedDocument>(filter, { ...options, projection: { [FED_BY]: 1 }, batchSize: streams.size + 1 })
    .toArray();
  for (const { _id, [FED_BY]: own = '' } of found) {
    const stream = streams.get(_id);
    if (stream !== undefined && stream !== own)
      return new FedByAnotherStream(documents.collectionName, _id, stream, own);
  }
  return undefined;
}
