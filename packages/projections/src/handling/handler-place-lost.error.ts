import { NestfoldError } from '@nestfold/core';

/** The stored place of an events handler is gone: nobody knows what it has handled, so it neither skips nor repeats, but waits. */
export class HandlerPlaceLost extends NestfoldError {
  readonly code = 'events-handler.place-lost';
  readonly retry = 'never';

  constructor(name: string) {
    super(
      `The stored place of the events handler '${name}' is gone. Restore it, or restart a process that runs the handler: it begins at its declared start then.`,
      { handler: name },
    );
  }
}
