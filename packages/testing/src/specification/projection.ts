import type { Ctor, Data, Type } from '@nestfold/core';
import { projectionDefinitionOf } from '@nestfold/projections';
import { ProjectionSentence, type EventPlace } from './projection-sentence.js';

/** What has happened, and what the documents must then be. */
export interface ProjectionGiven {
  /** An event, after those before; also one that the projection does not subscribe to. */
  given<E extends object>(event: Type<E>, data: NoInfer<Data<E>>, place?: EventPlace): ProjectionGiven;
  /** The document under this id is this one, in all its fields. */
  then<D extends object>(model: Ctor<D>, id: string, document: NoInfer<Omit<Data<D>, '_id'>>): ProjectionThen;
  /** There is no document under this id. */
  absent(model: Ctor<object>, id: string): ProjectionThen;
}

/** What else the documents must be. Await (or return) it; what is not awaited is checked when the test ends. */
export interface ProjectionThen extends PromiseLike<void> {
  /** The document under this id is this one, in all its fields. */
  and<D extends object>(model: Ctor<D>, id: string, document: NoInfer<Omit<Data<D>, '_id'>>): ProjectionThen;
  /** There is no document under this id. */
  absent(model: Ctor<object>, id: string): ProjectionThen;
}

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
