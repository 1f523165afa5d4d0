import type { Type } from '@nestfold/core';
import { projectionDefinitionOf } from '@nestfold/projections';
import { ProjectionSentence } from './projection-sentence.js';
import type { ProjectionGiven } from './projection-words.js';

/**
 * Tests a projection on the in-memory store, in the words of its domain:
 *
 * @example `await projection(OrderViewProjection).given(OrderPlaced, { … }).then(OrderView, '7', { … });`
 *
 * An error of a method, or of one of its writes, rejects as `ProjectionFailed`. Throws `ConfigurationError` for a class that is no sound projection.
 * @publicApi
 */
export function projection(projectionClass: Type<object>): ProjectionGiven {
  return new ProjectionSentence(projectionDefinitionOf(projectionClass), []);
}
