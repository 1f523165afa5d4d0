import type { EventEnvelope } from '@nestfold/core';

/** An event as it is stored: still in the schema in which it was written. */
export class StreamEventDto {
  version!: number;
  type!: string;
  schema!: number;
  data!: object;
  commitId!: string;
  /** ISO 8601. */
  occurredAt!: string;
  /** ISO 8601. */
  recordedAt!: string;
  correlationId!: string;
  causationId!: string;
  actor?: { id: string; roles?: readonly string[] };
  tenant?: string;
}

/** The aggregate's state after the events up to a version. */
export class StreamStateDto {
  version!: number;
  state!: object;
}

/** A page of a stream. */
export class StreamDto {
  name!: string;
  /** Of the last event in the stream, which need not be on this page. */
  version!: number;
  events!: StreamEventDto[];
  /** The `from` of the next page; missing on the last one. */
  next?: number;
  /** What `at` asked for. */
  state?: StreamStateDto;
}

/** An event as it is answered. */
export function streamEventDto({
  version,
  type,
  schema,
  data,
  commitId,
  occurredAt,
  recordedAt,
  metadata,
}: EventEnvelope): StreamEventDto {
  const { correlationId, causationId, actor, tenant } = metadata;
  return {
    version,
    type,
    schema,
    data,
    commitId,
    occurredAt: occurredAt.toISOString(),
    recordedAt: recordedAt.toISOString(),
    correlationId,
    causationId,
    ...(actor && { actor }),
    ...(tenant !== undefined && { tenant }),
  };
}
