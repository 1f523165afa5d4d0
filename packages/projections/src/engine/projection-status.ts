import type { GenerationFailure } from '@nestfold/core';

/**
 * What a projection is doing: `building` its first generation, `live`, `rebuilding` (live, with a new generation beside it), `stopped`
 * by an event that cannot be applied, or `waiting` for a newer build that knows an event's version.
 */
export type ProjectionState = 'building' | 'live' | 'rebuilding' | 'stopped' | 'waiting';

/** How a projection stands, for operators. The same from every process, up to a second. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  readonly state: ProjectionState;
  /** The number of the live generation, or of the one being built for the first time; 0 before that. */
  readonly generation: number;
  /** Events in the store after the place that it has reached; counting stops at 10,000. */
  readonly lagEvents: number;
  /** How old that place is; 0 when no event is left. */
  readonly lagSeconds: number;
  /** Events a second, over the last seconds. */
  readonly rate: number;
  /** Streams held behind an event that failed; a failing event stops the projection, so there are none. */
  readonly parked: number;
  readonly error?: GenerationFailure;
}

/** How an events handler stands. `retrying`: an event fails and is tried again; what follows waits. */
export interface EventsHandlerStatus {
  readonly name: string;
  readonly state: 'starting' | 'running' | 'retrying' | 'elsewhere' | 'waiting' | 'stopped';
  readonly lagEvents: number;
  readonly lagSeconds: number;
  /** What failed last, while it is being retried or has stopped the handler. */
  readonly error?: {
    readonly event?: string;
    readonly attempts: number;
    readonly code: string;
    readonly message: string;
  };
}
