import type { StreamName } from '@nestfold/core';
import type { Document } from 'mongodb';

/**
 * For each stream the row of the latest batch that has one, in one command: by one descent into the index for each,
 * since a busy stream has a row in every batch.
 */
export function latestOfEach(key: string, streams: readonly StreamName[], from: string): Document[] {
  return [
    { $documents: streams.map((s) => ({ s: { $literal: s } })) },
    {
      $lookup: {
        from,
        localField: 's',
        foreignField: 'w.s',
        pipeline: [{ $match: { '_id.g': key } }, { $sort: { '_id.t': -1 } }, { $limit: 1 }],
        as: 'latest',
      },
    },
    { $unwind: '$latest' },
    { $set: { row: { $first: { $filter: { input: '$latest.w', cond: { $eq: ['$$this.s', '$s'] } } } } } },
    { $replaceRoot: { newRoot: '$row' } },
  ];
}
