import type { GenerationFailure, ProjectionPause } from '@nestfold/core';

/**
 * What a projection is doing: `building` its first generation, `live`, `rebuilding` (live, with a new generation beside it), `stopped`
 * by an event that cannot be applied (where it is not parked), `waiting` for a newer build that knows an event's version, or `paused` by an operator.
 */
export type ProjectionState = 'building' | 'live' | 'rebuilding' | 'stopped' | 'waiting' | 'paused';

/** How one partition of a projection's generation stands. */
export interface PartitionStatus {
  readonly partition: number;
  /** The id of the process that feeds it; missing while nobody does. */
  readonly owner?: string;
  /** The machine of that process. */
  readonly host?: string;
  readonly lagEvents: number;
  readonly lagSeconds: number;
  /** Streams held behind an event that could not be applied. */
  readonly parked: number;
  /** Which event it waits for a newer build to apply, such as `order.placed@3`. */
  readonly needs?: string;
}

/** How a projection stands, for operators. The same from every process, up to a second. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  readonly state: ProjectionState;
  /** The number of the live generation, or of the one being built for the first time; 0 before that. */
  readonly generation: number;
  /** The topic that it reads; missing where it follows the store. */
  readonly topic?: string;
  /** Events in the store after the place that it has reached (counting stops at 10,000); messages in the topic, where it reads one. */
  readonly lagEvents: number;
  /** How old that place is; 0 when no event is left. */
  readonly lagSeconds: number;
  /** Events a second, over the last seconds. */
  readonly rate: number;
  /** Streams held behind an event that could not be applied: see `ProjectionEngine.deadLetters`. */
  readonly parked: number;
  /** Since when the first of them is held. */
  readonly parkedSince?: Date;
  /** Each partition of that generation. */
  readonly partitions: readonly PartitionStatus[];
  /** The older version whose documents readers see, while this one has none yet (`reads` of `@Projection`). */
  readonly reads?: number;
  /** Who paused it, and since when. */
  readonly paused?: ProjectionPause;
  /**
   * What stopped it; of one that is fed, what it is trying again since then, or an index that cannot be as it is declared; of one whose first build waits
   * for its topic, why; and of one whose topic cannot be asked how much is left, why that is not known: as the process that answers found it.
   */
  readonly error?: GenerationFailure;
}

/** How an events handler stands. `retrying`: an event fails and is tried again; what follows waits. */
export interface EventsHandlerStatus {
  readonly name: string;
  readonly state: 'starting' | 'running' | 'retrying' | 'elsewhere' | 'waiting' | 'stopped';
  readonly lagEvents: number;
  readonly lagSeconds: number;
  /** Streams held behind an event that could not be handled. */
  readonly parked: number;
  /** Since when the first of them is held. */
  readonly parkedSince?: Date;
  /** What failed last, while it is being retried or has stopped the handler. */
  readonly error?: {
    readonly event?: string;
    readonly attempts: number;
    readonly code: string;
    readonly message: string;
  };
}
