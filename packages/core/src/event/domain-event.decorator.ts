import { ConfigurationError } from '../error/configuration.error.js';
import type { NonPlain } from '../data/plain.js';
import type { Ctor, Type } from '../data/type.js';
import { ownMetadata, writeOwnMetadata } from '../metadata/own-metadata.js';

const KEY = 'nestfold:event';

/** What `DomainEvent` says of a class. */
export interface EventDefinition<E extends object = object> {
  /** The stable name under which it is stored. */
  readonly name: string;
  /** The schema version that this build writes. */
  readonly version: number;
  readonly event: Type<E>;
  /** It is told to other services, and never stored with an aggregate. */
  readonly isIntegration?: true;
  /** What the data of an integration event may weigh; 262,144 by default. */
  readonly maxBytes?: number;
  /** Says what is wrong with one that was read. */
  readonly check?: (event: object) => readonly string[];
}

/** Writes what a decorator says of a class. */
export function writeEventDefinition(definition: EventDefinition): void {
  writeOwnMetadata(definition.event, KEY, definition);
}

/**
 * Makes a class an event: fields only, no constructor. `name` is stored, so it outlives the class's own name; names that begin with `$` belong
 * to the system. `version` (default 1) rises when the shape changes, together with `upcasts(…)`. A field whose class
 * would be lost in storage is refused by type.
 *
 * @example `@DomainEvent('order.placed', { version: 2 }) class OrderPlaced { orderId!: string; total!: Decimal }`
 * @publicApi
 */
export function DomainEvent(
  name: string,
  options: { readonly version: number } = { version: 1 },
): <C extends new () => object>(
  target: [NonPlain<InstanceType<C>>] extends [never]
    ? C
    : `field '${NonPlain<InstanceType<C>> & string}' would lose its class when stored`,
) => void {
  return (target) => {
    // The conditional type is a class whenever it compiles.
    const event = target as unknown as Type<object>;
    writeEventDefinition({ name, version: options.version, event });
  };
}

/** The definition of an event class, or `undefined` when it bears no `@DomainEvent` of its own. */
export function findEventDefinition(event: Ctor<object>): EventDefinition | undefined {
  return ownMetadata<EventDefinition>(event, KEY);
}

/** The definition of an event class. Throws `ConfigurationError` when it bears no `@DomainEvent` of its own. */
export function eventDefinitionOf<E extends object>(event: Ctor<E>): EventDefinition<E> {
  const definition = findEventDefinition(event);
  if (definition === undefined) throw new ConfigurationError(undecorated(event));
  return definition as EventDefinition<E>;
}

/** Says that a class is used as an event but is none, with the remedy. */
export function undecorated(event: unknown): string {
  const name = typeof event === 'function' ? event.name : String(event);
  return `${name} is used as an event but has no @DomainEvent: add @DomainEvent('<context>.<fact>') above the class.`;
}
