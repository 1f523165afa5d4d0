import { STREAM_REBUILDS, type StreamName, type StreamRebuildEnd, type StreamRebuildRequest } from '@nestfold/core';
import type { Document, Filter, UpdateFilter } from 'mongodb';
import type { GenerationDocument } from './generation-document.js';

const ALL = { $ifNull: ['$streamRebuilds', []] };
const WAITING = { $eq: ['$$this.state', 'requested'] };

const those = (cond: Document): Document => ({ $filter: { input: ALL, cond } });

/** A live generation in which no rebuild of that stream waits, nor too many others do. */
export function mayRebuildStream(stream: StreamName): Filter<GenerationDocument> {
  return {
    state: 'live',
    streamRebuilds: { $not: { $elemMatch: { stream, state: 'requested' } } },
    $expr: { $lt: [{ $size: those(WAITING) }, STREAM_REBUILDS.waiting] },
  };
}

/** Adds a request, in the place of a former one of the same stream; what ended long ago is forgotten. */
export function streamRebuildUpdate({ id, stream, by, at }: StreamRebuildRequest): Document[] {
  const isEndedOther = { $and: [{ $not: [WAITING] }, { $ne: ['$$this.stream', { $literal: stream }] }] };
  const request = { id, stream, by, at, state: 'requested' };
  return [
    {
      $set: {
        streamRebuilds: {
          $concatArrays: [
            { $slice: [those(isEndedOther), -STREAM_REBUILDS.ended] },
            those(WAITING),
            [{ $literal: request }],
          ],
        },
      },
    },
  ];
}

/** Notes the end of the one that the filter found. */
export function endOfStreamRebuild(end: StreamRebuildEnd): UpdateFilter<GenerationDocument> {
  return {
    $set: Object.fromEntries(Object.entries(end).map(([field, value]) => [`streamRebuilds.$.${field}`, value])),
  };
}
