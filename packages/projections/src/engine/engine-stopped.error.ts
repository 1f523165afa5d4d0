import { hasCode, NestfoldError } from '@nestfold/core';

/** The engine was stopped: what it was to begin is not begun. Make a new one. */
export class EngineStopped extends NestfoldError {
  readonly code = 'engine.stopped';
  readonly retry = 'never';

  constructor() {
    super('The engine was stopped: make a new one.');
  }
}

export const isEngineStopped = (error: unknown): error is EngineStopped => hasCode(error, 'engine.stopped');
