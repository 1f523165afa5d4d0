import { currentContext, type Actor } from '@nestfold/core';
import { currentRequestScope } from './request-scope.js';

/**
 * The conversation to which the work at hand belongs, for log lines: of the message being handled, else of the request
 * being served; `undefined` outside of both.
 * @publicApi
 */
export function currentCorrelationId(): string | undefined {
  return currentContext()?.correlationId ?? currentRequestScope()?.request.correlationId;
}

/**
 * Who wishes the work at hand: the actor of the message being handled, else of the request being served; `undefined` where nobody is known.
 * @publicApi
 */
export function currentActor(): Actor | undefined {
  return currentContext()?.actor ?? currentRequestScope()?.request.actor;
}
