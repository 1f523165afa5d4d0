import type { PartitionStatus, ProjectionStatus } from '@nestfold/projections';

/** What stopped a projection or a rebuild. */
export class FailureDto {
  code!: string;
  message!: string;
  /** `<stream>:<version>` of the event that was being applied. */
  event?: string;
  /** ISO 8601. */
  at!: string;
}

/** How one partition of a projection stands. */
export class PartitionDto {
  partition!: number;
  /** The id of the process that feeds it; missing while nobody does. */
  owner?: string;
  host?: string;
  lagEvents!: number;
  lagSeconds!: number;
  parked!: number;
  /** Which event it waits for a newer build to apply. */
  needs?: string;
}

/** Who paused a projection. */
export class PauseDto {
  by!: string;
  /** ISO 8601. */
  at!: string;
}

/** How a projection stands. */
export class ProjectionDto {
  name!: string;
  version!: number;
  state!: 'building' | 'live' | 'rebuilding' | 'stopped' | 'waiting' | 'paused';
  /** The number of the live generation of its read models. */
  generation!: number;
  /** The topic that it reads; missing where it follows the store. */
  topic?: string;
  /** Events in the store that it has not applied yet (counting stops at 10,000); messages of the topic, where it reads one. */
  lagEvents!: number;
  lagSeconds!: number;
  /** Events a second. */
  rate!: number;
  /** Streams that are held behind a failed event. */
  parked!: number;
  /** Since when the first of them is held. ISO 8601. */
  parkedSince?: string;
  /** Who feeds it, part by part. */
  partitions!: readonly PartitionDto[];
  /** The older version whose documents are read, while this one has none yet. */
  reads?: number;
  paused?: PauseDto;
  error?: FailureDto;
}

/** A status as it is answered. */
export function projectionDto({
  name,
  version,
  state,
  generation,
  topic,
  lagEvents,
  lagSeconds,
  rate,
  parked,
  parkedSince,
  partitions,
  reads,
  paused,
  error,
}: ProjectionStatus): ProjectionDto {
  return {
    name,
    version,
    state,
    generation,
    ...(topic !== undefined && { topic }),
    lagEvents,
    lagSeconds,
    rate,
    parked,
    ...(parkedSince && { parkedSince: parkedSince.toISOString() }),
    partitions: partitions.map(partitionDto),
    ...(reads !== undefined && { reads }),
    ...(paused && { paused: { by: paused.by, at: paused.at.toISOString() } }),
    ...(error && { error: failureDto(error) }),
  };
}

function partitionDto({ partition, owner, host, lagEvents, lagSeconds, parked, needs }: PartitionStatus): PartitionDto {
  return {
    partition,
    ...(owner !== undefined && { owner }),
    ...(host !== undefined && { host }),
    lagEvents,
    lagSeconds,
    parked,
    ...(needs !== undefined && { needs }),
  };
}

/** A failure as it is answered. */
export function failureDto({ code, message, event, at }: NonNullable<ProjectionStatus['error']>): FailureDto {
  return { code, message, ...(event !== undefined && { event }), at: at.toISOString() };
}
