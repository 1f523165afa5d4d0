import { isNestfoldError, isProjectionFailed, ProjectionFailed, type NestfoldError } from '@nestfold/core';
import type { Author } from './document-state.js';

/** An error of a method or of its writes, bearing the event: `details` hold `event`, `method` and the cause's `code`. */
export function notApplied({ event, method }: Author, cause: unknown): NestfoldError {
  if (isProjectionFailed(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ProjectionFailed(
    `${method} could not be applied to '${event.id}' (${event.type}): ${reason}`,
    { event: event.id, type: event.type, method, code: isNestfoldError(cause) ? cause.code : 'projection.failed' },
    { cause },
  );
}
