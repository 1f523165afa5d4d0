import type { StreamName } from '../stream/stream-name.js';

/** What an operator asks: that what one stream feeds be made anew from its events, in one generation. */
export interface StreamRebuildRequest {
  /** A fresh UUID: the end of one request is not that of the next. */
  readonly id: string;
  readonly stream: StreamName;
  readonly by: string;
  readonly at: Date;
}

/** How it ended: `done`, or `failed`, and then nothing was changed. */
export type StreamRebuildEnd =
  | {
      readonly state: 'done';
      readonly endedAt: Date;
      /** The documents are what the stream's events up to this version make of them. */
      readonly version: number;
    }
  | {
      readonly state: 'failed';
      readonly endedAt: Date;
      readonly error: { readonly code: string; readonly message: string; readonly event?: string };
    };

/** A rebuild of one stream, `requested` until the owner of its partition has executed it. */
export type StreamRebuild = StreamRebuildRequest & ({ readonly state: 'requested' } | StreamRebuildEnd);

/** How many rebuilds of streams may wait in a generation; of so many it is told how they ended. */
export const STREAM_REBUILDS = { waiting: 100, ended: 50 } as const;

/**
 * A generation's rebuilds with one more; of the same stream the former one gives way. Answers `undefined` where one of that stream waits already, or too many
 * do.
 */
export function withStreamRebuild(
  all: readonly StreamRebuild[],
  request: StreamRebuildRequest,
): readonly StreamRebuild[] | undefined {
  const waiting = all.filter(({ state }) => state === 'requested');
  if (waiting.length >= STREAM_REBUILDS.waiting || waiting.some(({ stream }) => stream === request.stream))
    return undefined;
  const ended = all.filter(({ state, stream }) => state !== 'requested' && stream !== request.stream);
  return [...ended.slice(-STREAM_REBUILDS.ended), ...waiting, { ...request, state: 'requested' }];
}

/** The same with the end of one; `undefined` where that one does not wait. */
export function withStreamRebuildEnd(
  all: readonly StreamRebuild[],
  id: string,
  end: StreamRebuildEnd,
): readonly StreamRebuild[] | undefined {
  const index = all.findIndex((one) => one.id === id && one.state === 'requested');
  return index < 0 ? undefined : all.with(index, { ...all[index]!, ...end });
}
