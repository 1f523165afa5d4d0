import type { StreamName, Watermark } from '@nestfold/core';
import type { Document, Timestamp } from 'mongodb';
import type { WatermarkDocument } from './watermark-document.js';

/** One stream's row in one batch, and that batch's time. */
export type WatermarkRow = WatermarkDocument['w'][number] & { readonly t: Timestamp };

/**
 * For each stream the rows of the two latest batches that have one, in one command: by one descent into the index for each,
 * since a busy stream has a row in every batch. Two, since a redrive writes at the time of the batch before it.
 */
export function latestOfEach(key: string, streams: readonly StreamName[], from: string): Document[] {
  return [
    { $documents: streams.map((s) => ({ s: { $literal: s } })) },
    {
      $lookup: {
        from,
        localField: 's',
        foreignField: 'w.s',
        pipeline: [{ $match: { '_id.g': key } }, { $sort: { '_id.t': -1 } }, { $limit: 2 }],
        as: 'latest',
      },
    },
    { $unwind: '$latest' },
    { $set: { row: { $first: { $filter: { input: '$latest.w', cond: { $eq: ['$$this.s', '$s'] } } } } } },
    { $replaceRoot: { newRoot: { $mergeObjects: ['$row', { t: '$latest._id.t' }] } } },
  ];
}

/** The latest row of each stream; of two of one time the one that applied more. */
export function latestRows(rows: readonly WatermarkRow[]): Map<StreamName, Watermark> {
  const latest = new Map<StreamName, WatermarkRow>();
  for (const row of rows) {
    const known = latest.get(row.s);
    const order = known === undefined ? 1 : row.t.compare(known.t);
    if (order > 0 || (order === 0 && row.applied > known!.applied)) latest.set(row.s, row);
  }
  return new Map([...latest].map(([stream, { seen, applied }]) => [stream, { stream, seen, applied }]));
}
