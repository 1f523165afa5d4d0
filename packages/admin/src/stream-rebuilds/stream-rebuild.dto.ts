import type { StreamRebuildStatus } from '@nestfold/projections';

/** Why what a stream feeds could not be made anew. */
export class StreamRebuildErrorDto {
  code!: string;
  message!: string;
  /** `<stream>:<version>`. */
  event?: string;
}

/** How the rebuild of one stream went. */
export class StreamRebuildDto {
  id!: string;
  projection!: string;
  generation!: string;
  stream!: string;
  state!: 'requested' | 'done' | 'failed';
  requestedBy!: string;
  /** ISO 8601. */
  requestedAt!: string;
  /** ISO 8601. */
  endedAt?: string;
  version?: number;
  error?: StreamRebuildErrorDto;
}

/** A rebuild of one stream as it is answered. */
export function streamRebuildDto(status: StreamRebuildStatus): StreamRebuildDto {
  const { id, projection, generation, stream, by, at, state } = status;
  return {
    id,
    projection,
    generation,
    stream,
    state,
    requestedBy: by,
    requestedAt: at.toISOString(),
    ...(state !== 'requested' && { endedAt: status.endedAt.toISOString() }),
    ...(state === 'done' && { version: status.version }),
    ...(state === 'failed' && { error: status.error }),
  };
}
