import { hasCode, NestfoldError } from '@nestfold/core';

/** What one stream feeds cannot be made anew by itself; `reason` says why, and what to do instead. */
export class StreamRebuildRefused extends NestfoldError {
  readonly code = 'stream-rebuild.refused';
  readonly retry = 'never';

  constructor(
    readonly projection: string,
    readonly stream: string,
    readonly reason: string,
  ) {
    super(`'${stream}' cannot be rebuilt by itself in '${projection}': ${reason}.`, { projection, stream, reason });
  }
}

export const isStreamRebuildRefused = (error: unknown): error is StreamRebuildRefused =>
  hasCode(error, 'stream-rebuild.refused');
