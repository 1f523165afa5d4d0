import type { Commit, HeldCommit, ParkedChanges } from '@nestfold/core';
import type { AnyBulkWriteOperation, Filter, IndexDescription } from 'mongodb';
import { fromBson, toBson } from '../connection/bson-mapping.js';

/** A commit that is kept with a parked stream, as it is stored. */
export interface HeldCommitDocument {
  /** The parked stream's id and the first version: the order of the fields is part of the key. */
  readonly _id: { readonly p: string; readonly v: number };
  readonly key: string;
  readonly last: number;
  readonly commit: Commit;
}

/** Takes away what belongs to a partition. */
export const HELD_INDEXES: IndexDescription[] = [{ name: 'key', key: { key: 1 } }];

/** Everything that is kept of a parked stream. */
export function heldOf(id: string): Filter<HeldCommitDocument> {
  return { _id: { $gte: { p: id, v: 0 }, $lt: { p: id, v: Infinity } } };
}

/** What a batch keeps, and what it lets go. */
export function heldOperations({ keep = [], unpark = [] }: ParkedChanges): AnyBulkWriteOperation<HeldCommitDocument>[] {
  return [
    ...keep.map((held) => ({
      updateOne: { filter: { _id: keyOf(held) }, update: { $setOnInsert: contentOf(held) }, upsert: true },
    })),
    ...unpark.map((id) => ({ deleteMany: { filter: heldOf(id) } })),
  ];
}

/** The commit that a document keeps. */
export function commitKept({ commit }: HeldCommitDocument): Commit {
  return fromBson(commit);
}

function keyOf({ id, commit }: HeldCommit): HeldCommitDocument['_id'] {
  return { p: id, v: commit.firstVersion };
}

function contentOf({ key, commit }: HeldCommit): Omit<HeldCommitDocument, '_id'> {
  return { key, last: commit.firstVersion + commit.events.length - 1, commit: toBson(commit) };
}
