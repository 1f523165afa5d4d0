import { hasCode, NestfoldError } from '@nestfold/core';

/** How far a generation is behind. */
export interface Lag {
  readonly lagEvents: number;
  /** How old the place is that it has reached; 0 when no event is left. */
  readonly lagSeconds: number;
}

/**
 * There is no former generation to go back to, or nobody feeds it any more: then `lag` says how far behind readers would find it. Build the documents
 * anew (`rebuild`) instead.
 */
export class RollbackRefused extends NestfoldError {
  readonly code = 'rollback.refused';
  readonly retry = 'never';

  constructor(
    projection: string,
    reason: string,
    readonly lag?: Lag,
  ) {
    super(`The projection '${projection}' does not go back: ${reason}.`, { projection, ...lag });
  }
}

export const isRollbackRefused = (error: unknown): error is RollbackRefused => hasCode(error, 'rollback.refused');
