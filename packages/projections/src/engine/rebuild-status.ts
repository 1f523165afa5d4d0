import type { GenerationFailure } from '@nestfold/core';

/** `running` until its documents are the live ones (`done`), or it was cancelled or stopped by an event (`failed`). */
export type RebuildState = 'running' | 'done' | 'cancelled' | 'failed';

/** How a rebuild goes. Its id is that of the generation that it makes. */
export interface RebuildStatus {
  readonly id: string;
  readonly projection: string;
  readonly state: RebuildState;
  /** Commits read so far, of about `total`. */
  readonly processed: number;
  readonly total: number;
  /** Events a second, over the last seconds; of one that has ended, commits a second from its beginning to its end. */
  readonly rate: number;
  /** By the pace since the beginning; missing until something is read, and while it is paused. */
  readonly etaSeconds?: number;
  /** It is held back by an operator; see `ProjectionEngine.resumeRebuild`. */
  readonly paused?: true;
  /** Events a second that it may apply at most. */
  readonly throttle?: number;
  readonly startedBy: string;
  readonly startedAt: Date;
  /** When its documents became the live ones, or it was cancelled or failed; missing while it runs. */
  readonly endedAt?: Date;
  /** Why it failed; of one that runs, what it is trying again, where the process that answers takes part in it. */
  readonly error?: GenerationFailure;
}
