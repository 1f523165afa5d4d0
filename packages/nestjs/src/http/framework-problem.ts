import {
  isDomainRejection,
  isInvalidMessage,
  isNestfoldError,
  isStreamConflict,
  type NestfoldError,
} from '@nestfold/core';
import { problem, type Problem } from './problem.js';

/** Errors that are the caller's, by code. */
const STATUSES: Readonly<Record<string, number>> = {
  'aggregate.not-found': 404,
  'not-found': 404,
  'stream.conflict': 409,
  'claim.taken': 409,
  'rebuild.running': 409,
  'rollback.refused': 409,
  'stream-rebuild.refused': 409,
  'commit.too-large': 413,
  'command.key-reused': 422,
  'capability.unsupported': 501,
};

const SOON = 1;
const LATER = 5;
/** Seconds, where a short pause is enough; 5 otherwise. */
const RETRY_AFTER: Readonly<Record<string, number>> = {
  'store.overloaded': SOON,
  'append.contention': SOON,
  'append.outcome-unknown': SOON,
  'read-model.not-ready': SOON,
};

/** What to answer for an error of the framework; `undefined` where it is the server's own fault (a 500), or none of its errors. */
export function frameworkProblem(error: unknown, statedByHeader: boolean): Problem | undefined {
  if (isDomainRejection(error)) return problem(422, error.code, error.message, detailsOf(error));
  if (!isNestfoldError(error)) return undefined;
  const { code, message } = error;
  if (isInvalidMessage(error))
    return problem(400, code, 'The request is invalid: see errors.', { errors: error.problems });
  if (isStreamConflict(error) && statedByHeader && isStated(error.expected))
    return problem(412, code, message, detailsOf(error));
  const status = STATUSES[code];
  if (status !== undefined) return problem(status, code, message, detailsOf(error));
  if (error.retry !== 'later') return undefined;
  // Their messages may speak of servers and addresses, which are no caller's business.
  return problem(503, code, 'The request cannot be served now: repeat it later.', {
    retryAfter: RETRY_AFTER[code] ?? LATER,
  });
}

function detailsOf({ details }: NestfoldError): Pick<Problem, 'details'> {
  return Object.keys(details).length === 0 ? {} : { details };
}

/** Not by class: the error may come from another copy of core. */
function isStated(expected: unknown): boolean {
  return typeof expected === 'object' && expected !== null && (expected as { kind?: unknown }).kind === 'stated';
}
