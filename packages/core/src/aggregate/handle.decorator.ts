import type { Command } from '../command/command.js';
import type { Ctor } from '../data/type.js';
import { appendOwnMetadata, inheritedMetadata } from '../metadata/own-metadata.js';
import type { AggregateRoot } from './aggregate-root.js';
import type { Synchronous } from './apply.decorator.js';

const KEY = 'nestfold:handles';

/** Which streams a command may meet: one with events, one without, or either. */
export type HandleOn = 'existing' | 'new' | 'any';

type StringKey<C> = { [K in keyof C]-?: C[K] extends string ? K : never }[keyof C] & string;

/** A command that an aggregate's own method handles. */
export interface HandleDefinition {
  readonly command: Ctor<object>;
  /** The command's field that holds the aggregate's id. */
  readonly idField: string;
  readonly on: HandleOn;
  readonly method: string | symbol;
}

/**
 * Lets an aggregate's method handle a command, where a handler class would only load, decide and append. `id` names the
 * command's field that holds the aggregate's id; `on` defaults to `existing` (else `AggregateNotFound`).
 * @publicApi
 */
// `any` twice: a command's result and an aggregate's state play no part here, and stand in invariant places.
/* eslint-disable @typescript-eslint/no-explicit-any */
export function Handle<C extends Command<any>>(
  command: Ctor<C>,
  options: { readonly id: StringKey<NoInfer<C>>; readonly on?: HandleOn },
): <M extends (command: C) => void>(
  target: AggregateRoot<any>,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M & Synchronous<M>>,
) => void {
  /* eslint-enable @typescript-eslint/no-explicit-any */
  return (target, method) =>
    appendOwnMetadata<HandleDefinition>(target.constructor as Ctor<object>, KEY, {
      command,
      idField: options.id,
      on: options.on ?? 'existing',
      method,
    });
}

/** The handled commands of a class and of its bases, not yet checked. @internal */
export function handleDeclarationsOf(aggregate: Ctor<object>): readonly HandleDefinition[] {
  return inheritedMetadata<HandleDefinition>(aggregate, KEY);
}
