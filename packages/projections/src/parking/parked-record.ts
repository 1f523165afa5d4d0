import { isProjectionFailed, type ParkedAttempt, type ParkedError, type ParkedStream } from '@nestfold/core';
import { describe } from '../running/failure.js';

const MESSAGE = 2_000;
const LATEST = 9;

/** Why an event failed, as it is kept: in words of bounded length. */
export function parkedErrorOf(cause: unknown, event: string, type: string | undefined, fallback?: string): ParkedError {
  const { code, message } = describe(cause, fallback);
  const details: Readonly<Record<string, unknown>> = isProjectionFailed(cause) ? cause.details : {};
  const known = details['type'] ?? type;
  const method = details['method'];
  return {
    code,
    message: message.slice(0, MESSAGE),
    event,
    ...(typeof known === 'string' && { type: known }),
    ...(typeof method === 'string' && { method }),
  };
}

/** A parked stream after one more failure; its request is answered by it. The attempts are those of the event that is first now. */
export function failedAgain(
  { request, ...parked }: ParkedStream,
  applied: number,
  attempt: ParkedAttempt,
): ParkedStream & { readonly answered?: string } {
  const [first, ...others] = [...parked.history, attempt];
  return {
    ...parked,
    applied,
    error: attempt.error,
    attempts: attempt.error.event === parked.error.event ? parked.attempts + 1 : 1,
    history: [...(first ? [first] : []), ...others.slice(-LATEST)],
    ...(request && { answered: request.id }),
  };
}
