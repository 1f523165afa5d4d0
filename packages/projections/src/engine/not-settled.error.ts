import { hasCode, NestfoldError } from '@nestfold/core';

/** Not everything was applied in the time that was given; `laggards` say who is behind, and why if that is known. */
export class NotSettled extends NestfoldError {
  readonly code = 'engine.not-settled';
  readonly retry = 'later';

  constructor(
    readonly laggards: readonly string[],
    timeoutMs: number,
  ) {
    super(`After ${timeoutMs} ms not everything is applied: ${laggards.join('; ')}.`, { laggards, timeoutMs });
  }
}

export const isNotSettled = (error: unknown): error is NotSettled => hasCode(error, 'engine.not-settled');
