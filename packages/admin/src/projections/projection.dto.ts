import type { ProjectionStatus } from '@nestfold/projections';

/** What stopped a projection or a rebuild. */
export class FailureDto {
  code!: string;
  message!: string;
  /** `<stream>:<version>` of the event that was being applied. */
  event?: string;
  /** ISO 8601. */
  at!: string;
}

/** How a projection stands. */
export class ProjectionDto {
  name!: string;
  version!: number;
  state!: 'building' | 'live' | 'rebuilding' | 'stopped' | 'waiting';
  /** The number of the live generation of its read models. */
  generation!: number;
  /** Events in the store that it has not applied yet; counting stops at 10,000. */
  lagEvents!: number;
  lagSeconds!: number;
  /** Events a second. */
  rate!: number;
  /** Streams that are held behind a failed event. */
  parked!: number;
  error?: FailureDto;
}

/** A status as it is answered. */
export function projectionDto({
  name,
  version,
  state,
  generation,
  lagEvents,
  lagSeconds,
  rate,
  parked,
  error,
}: ProjectionStatus): ProjectionDto {
  return {
    name,
    version,
    state,
    generation,
    lagEvents,
    lagSeconds,
    rate,
    parked,
    ...(error && { error: failureDto(error) }),
  };
}

/** A failure as it is answered. */
export function failureDto({ code, message, event, at }: NonNullable<ProjectionStatus['error']>): FailureDto {
  return { code, message, ...(event !== undefined && { event }), at: at.toISOString() };
}
