import type { EventContext } from '../context/event-context.js';
import type { AnyFunction, Ctor } from '../data/type.js';
import { appendOwnMetadata, inheritedMetadata } from '../metadata/own-metadata.js';
import type { AggregateRoot } from './aggregate-root.js';

const KEY = 'nestfold:appliers';

/** Refuses methods that answer a promise. */
export type Synchronous<M extends AnyFunction> = [ReturnType<M>] extends [PromiseLike<unknown>] ? never : unknown;

/** What the decorator wrote, not yet checked. @internal */
export interface ApplierDeclaration {
  readonly event: Ctor<object>;
  readonly method: string | symbol;
}

/**
 * Makes a method the one that folds an event into the state. It is pure: no clock, no chance, nothing awaited, nothing
 * emitted; times come from the event or from its context. It is called when the event is emitted and at every load.
 * @publicApi
 */
export function Apply<E extends object>(
  event: Ctor<E>,
): <M extends (event: E, context: EventContext) => void>(
  // `any`: the state's type plays no part here, and stands in an invariant place.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  target: AggregateRoot<any>,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M & Synchronous<M>>,
) => void {
  return (target, method) =>
    appendOwnMetadata<ApplierDeclaration>(target.constructor as Ctor<object>, KEY, { event, method });
}

/** The appliers of a class and of its bases. @internal */
export function applierDeclarationsOf(aggregate: Ctor<object>): readonly ApplierDeclaration[] {
  return inheritedMetadata<ApplierDeclaration>(aggregate, KEY);
}
