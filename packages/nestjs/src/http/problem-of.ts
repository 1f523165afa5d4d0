import { unreadableRequestProblem } from './body-problem.js';
import { frameworkProblem } from './framework-problem.js';
import { headersOf } from './header-values.js';
import { httpExceptionProblem } from './http-exception-problem.js';
import { problem, type Problem } from './problem.js';

/**
 * What `ProblemFilter` answers for an error, without what belongs to the one request (`instance`, `correlationId`). An error that nobody
 * foresaw is a 500 that tells nothing of itself.
 * @publicApi
 */
export function problemOf(error: unknown, request: object = {}): Problem {
  const statedByHeader = headersOf(request)['if-match'] !== undefined;
  return (
    frameworkProblem(error, statedByHeader) ??
    unreadableRequestProblem(error, request) ??
    httpExceptionProblem(error) ??
    problem(500, 'internal', 'The server failed to answer the request. Its log knows it by the correlation id.')
  );
}
