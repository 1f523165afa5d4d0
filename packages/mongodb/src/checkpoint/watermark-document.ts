import type { Batch, StreamName } from '@nestfold/core';
import type { IndexDescription, Timestamp } from 'mongodb';
import { timestampOf } from '../connection/bson-mapping.js';

/**
 * The watermarks of one batch: a document a batch, since a row a stream doubles the time of a batch. The key begins with
 * partition and time, so that the sweep needs no index of its own.
 */
export interface WatermarkDocument {
  readonly _id: { readonly g: string; readonly t: Timestamp; readonly b: string };
  readonly w: readonly { readonly s: StreamName; readonly seen: number; readonly applied: number }[];
}

/** Finds the latest row of a stream. */
export const WATERMARK_INDEX: IndexDescription = { name: 'stream', key: { '_id.g': 1, 'w.s': 1, '_id.t': -1 } };

/** The stored form of a batch's watermarks. */
export function watermarkDocument(
  { key, id }: Batch,
  { time, rows }: NonNullable<Batch['watermarks']>,
): WatermarkDocument {
  return {
    _id: { g: key, t: timestampOf(time), b: id },
    w: rows.map(({ stream, seen, applied }) => ({ s: stream, seen, applied })),
  };
}
