import type { RebuildStatus } from '@nestfold/projections';
import { failureDto, type FailureDto } from '../projections/projection.dto.js';

/** How a rebuild goes. */
export class RebuildDto {
  id!: string;
  projection!: string;
  state!: 'running' | 'done' | 'cancelled' | 'failed';
  /** Commits read so far, of about `total`. */
  processed!: number;
  total!: number;
  /** Events a second. */
  rate!: number;
  etaSeconds?: number;
  /** It is held back by an operator. */
  paused?: boolean;
  /** Events a second that it may apply at most. */
  throttle?: number;
  /** Who asked for it. */
  startedBy!: string;
  /** ISO 8601. */
  startedAt!: string;
  /** ISO 8601. */
  endedAt?: string;
  error?: FailureDto;
}

/** A status as it is answered. */
export function rebuildDto({
  id,
  projection,
  state,
  processed,
  total,
  rate,
  etaSeconds,
  paused,
  throttle,
  startedBy,
  startedAt,
  endedAt,
  error,
}: RebuildStatus): RebuildDto {
  return {
    id,
    projection,
    state,
    processed,
    total,
    rate,
    ...(etaSeconds !== undefined && { etaSeconds }),
    ...(paused && { paused }),
    ...(throttle !== undefined && { throttle }),
    startedBy,
    startedAt: startedAt.toISOString(),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(error && { error: failureDto(error) }),
  };
}
