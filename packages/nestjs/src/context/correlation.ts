import { currentContext } from '@nestfold/core';
import { currentRequestScope } from './request-scope.js';

/**
 * The conversation to which the work at hand belongs, for log lines: of the message being handled, else of the request
 * being served; `undefined` outside of both.
 * @publicApi
 */
export function currentCorrelationId(): string | undefined {
  return currentContext()?.correlationId ?? currentRequestScope()?.request.correlationId;
}
