import { isNestfoldError, isProjectionFailed, type Commit, type GenerationFailure } from '@nestfold/core';

/** An event, or something else, that a projection cannot get past: what comes before it has been applied. */
export class Insurmountable extends Error {
  constructor(
    override readonly cause: unknown,
    /** `<stream>:<version>` of the event, where one is to blame. */
    readonly event: string | undefined,
    /** The first commit of its stream that is not applied: from there on the stream can be held back. */
    readonly from?: Commit,
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

/** Whether an event's failure is worth another attempt: what the framework refused stays refused, what a method threw need not come again. */
export function mayPass(error: unknown): boolean {
  return isProjectionFailed(error) ? !isForGood(error.cause) : !isForGood(error);
}

/** Whether no event is to blame and nothing says that it will be in vain, such as a store that refuses writes while it is full: however often it was tried. */
export function mayPassYet({ cause, event }: Insurmountable): boolean {
  return event === undefined && !isForGood(cause);
}

/** The event that an error names. */
export function eventOf(error: unknown): string | undefined {
  const event = isProjectionFailed(error) ? error.details['event'] : undefined;
  return typeof event === 'string' ? event : undefined;
}

/** What went wrong, in stable words. The code is that of what went wrong beneath, where the framework knows it. */
export function describe(
  cause: unknown,
  fallback = 'projection.failed',
): { readonly code: string; readonly message: string } {
  const code = isProjectionFailed(cause) ? cause.details['code'] : isNestfoldError(cause) ? cause.code : undefined;
  return {
    code: typeof code === 'string' ? code : fallback,
    message: cause instanceof Error ? cause.message : String(cause),
  };
}

/** A failure as an operator is to see it. */
export function failureOf({ cause, event }: Insurmountable, at: Date): GenerationFailure {
  return { ...describe(cause), at, ...(event !== undefined && { event }) };
}
