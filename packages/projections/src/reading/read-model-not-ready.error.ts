import { hasCode, NestfoldError } from '@nestfold/core';

/** The read model has no generation that was ever complete: its first build is under way. Repeat later. */
export class ReadModelNotReady extends NestfoldError {
  readonly code = 'read-model.not-ready';
  readonly retry = 'later';

  constructor(
    readonly projection: string,
    readonly version: number,
  ) {
    super(
      `Version ${version} of the projection '${projection}' is still being built for the first time: repeat later.`,
      { projection, version },
    );
  }
}

export const isReadModelNotReady = (error: unknown): error is ReadModelNotReady =>
  hasCode(error, 'read-model.not-ready');
