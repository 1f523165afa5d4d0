import type { Ctor, Type } from '../data/type.js';
import { ownMetadata, writeOwnMetadata } from '../metadata/own-metadata.js';
import type { AggregateRoot } from './aggregate-root.js';

const KEY = 'nestfold:aggregate';

/** What an aggregate is made of. */
export interface AggregateOptions<S extends object> {
  /** The class of the state; `new` makes that of a stream without events. */
  readonly state: Type<S>;
  /** All events that may stand in a stream; those that change nothing need no `@Apply`. */
  readonly events: readonly Ctor<object>[];
  /** Keep a snapshot every so many versions. No snapshots by default. Then the state must be plain data. */
  readonly snapshotEvery?: number;
  /**
   * Raise it when appliers come to fold the same events into another state: older snapshots are not read any more. A change of the state's fields, or of
   * the list of events and their versions, is noticed without it. Default 1.
   */
  readonly stateRevision?: number;
}

/** What the decorator wrote, not yet checked. @internal */
export interface AggregateDeclaration extends AggregateOptions<object> {
  readonly category: string;
}

/**
 * Makes a class an aggregate whose streams are named `<category>-<id>`; a category holds no `-`. Checked at start, by `aggregateDefinitionOf`.
 *
 * @example `@Aggregate('order', { state: OrderState, events: [OrderPlaced], snapshotEvery: 200 }) class Order extends AggregateRoot<OrderState> { … }`
 * @publicApi
 */
export function Aggregate<S extends object>(
  category: string,
  options: AggregateOptions<S>,
): <C extends Type<AggregateRoot<S>>>(target: C) => void {
  return (target) => writeOwnMetadata(target, KEY, { ...options, category } satisfies AggregateDeclaration);
}

/** What `@Aggregate` wrote on a class. @internal */
export function aggregateDeclarationOf(aggregate: Ctor<object>): AggregateDeclaration | undefined {
  return ownMetadata<AggregateDeclaration>(aggregate, KEY);
}
