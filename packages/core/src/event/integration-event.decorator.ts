import type { NonPlain } from '../data/plain.js';
import type { Type } from '../data/type.js';
import { writeEventDefinition } from './domain-event.decorator.js';

/** What `IntegrationEvent` says of a class beside its name. */
export interface IntegrationEventOptions<E extends object> {
  /** The version of its shape, from 1. It rises when the shape changes, together with `upcasts(…)` on the side that reads. Default 1. */
  readonly version?: number;
  /** What the data of one event may weigh, in bytes of text, about. Default 262,144. */
  readonly maxBytes?: number;
  /**
   * Says what is wrong with an event that has arrived, one sentence each; nothing where all is well. It comes from another service: believe nothing of its
   * shape. Pure; called each time that the event is read; one that throws refuses. `keepsRules` of
   * `@nestfold/nestjs` asks class-validator. A service that only publishes may leave it out; a projection that reads the event from a topic is refused without.
   */
  readonly check?: (event: E) => readonly string[];
}

/**
 * Makes a class an event that is told to other services: part of a contract between them, apart from the domain events of either, with a name and
 * versions of its own. `@Publishes` makes it of a domain event; projections of any service read it from the topic with `@On`. One that does not pass
 * `check`, weighs too much, or is of a version that this build does not know, is not applied: it is kept beside the topic with the reason, and its stream is
 * parked behind it, until an operator retries or discards it.
 *
 * @example `@IntegrationEvent('orders.placed', { version: 1, check: ({ orderId }) => (typeof orderId === 'string' ? [] : ['orderId is no text']) })`
 * @publicApi
 */
export function IntegrationEvent<E extends object = object>(
  name: string,
  { version = 1, maxBytes, check }: IntegrationEventOptions<E> = {},
): <C extends new () => E>(
  target: [NonPlain<InstanceType<C>>] extends [never]
    ? C
    : `field '${NonPlain<InstanceType<C>> & string}' would lose its class when stored`,
) => void {
  return (target) => {
    // The conditional type is a class whenever it compiles.
    const event = target as unknown as Type<object>;
    // `check` takes instances of this very class.
    const checked = check as ((event: object) => readonly string[]) | undefined;
    writeEventDefinition({
      name,
      version,
      event,
      isIntegration: true,
      ...(maxBytes !== undefined && { maxBytes }),
      ...(checked && { check: checked }),
    });
  };
}
