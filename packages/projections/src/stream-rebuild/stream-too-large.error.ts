import { NestfoldError, type StreamName } from '@nestfold/core';

/** What a stream feeds is more than one transaction should replace: rebuild the projection instead. */
export class StreamTooLarge extends NestfoldError {
  readonly code = 'stream-rebuild.too-large';
  readonly retry = 'never';

  constructor(stream: StreamName, what: string) {
    super(
      `'${stream}' feeds more than ${what}, which is too much to be replaced at one go: rebuild the projection instead.`,
      { stream },
    );
  }
}
