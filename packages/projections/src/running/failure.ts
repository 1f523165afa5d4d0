import { isNestfoldError, isProjectionFailed, type GenerationFailure } from '@nestfold/core';

/** An event, or something else, that a projection cannot get past: it stops, and what comes before it has been applied. */
export class Insurmountable extends Error {
  constructor(
    override readonly cause: unknown,
    /** `<stream>:<version>` of the event, where one is to blame. */
    readonly event: string | undefined,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Whether the same again may succeed. Errors that are not the framework's get a few attempts, these get any number. */
export function isTransient(error: unknown): boolean {
  return isNestfoldError(error) && error.retry === 'later';
}

/** Whether the framework says that the same again will fail again. */
export function isForGood(error: unknown): boolean {
  return isNestfoldError(error) && error.retry === 'never';
}

/** The event that an error names. */
export function eventOf(error: unknown): string | undefined {
  const event = isProjectionFailed(error) ? error.details['event'] : undefined;
  return typeof event === 'string' ? event : undefined;
}

/** A failure as an operator is to see it. The code is that of what went wrong beneath, where the framework knows it. */
export function failureOf({ cause, event }: Insurmountable, at: Date): GenerationFailure {
  const code = isProjectionFailed(cause) ? cause.details['code'] : isNestfoldError(cause) ? cause.code : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  return {
    code: typeof code === 'string' ? code : 'projection.failed',
    message,
    at,
    ...(event !== undefined && { event }),
  };
}
