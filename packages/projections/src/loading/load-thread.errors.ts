import { hasCode, NestfoldError, type RetryAdvice } from '@nestfold/core';

/** A worker thread ended while it loaded a range: its batch in flight has taken effect or not, and is known by its checkpoint. Another takes its place. */
export class LoadThreadFailed extends NestfoldError {
  readonly code = 'load.thread-failed';
  readonly retry = 'later';
}

/** A worker thread cannot do this work at all: it could not load the projection's module, or not open the store. The main thread does it. */
export class LoadThreadUnfit extends NestfoldError {
  readonly code = 'load.thread-unfit';
  readonly retry = 'never';
}

/** What a worker thread threw, as it is known on this side: by its code, and with all that it said. */
export class ThreadError extends NestfoldError {
  constructor(
    readonly code: string,
    readonly retry: RetryAdvice,
    message: string,
    details: Readonly<Record<string, unknown>>,
  ) {
    super(message, details);
  }
}

export const isLoadThreadFailed = (error: unknown): error is LoadThreadFailed => hasCode(error, 'load.thread-failed');
export const isLoadThreadUnfit = (error: unknown): error is LoadThreadUnfit => hasCode(error, 'load.thread-unfit');
