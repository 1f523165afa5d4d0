import { ConfigurationError, type Ctor, type Data, type EventContext, type Type } from '@nestfold/core';
import { metadataOf, writeMetadata } from '../definition/class-metadata.js';

const [TOPIC, MAPPINGS] = ['nestfold:publishes', 'nestfold:publish'];

/** What `@Publish` says of a method. */
export interface MappingMetadata {
  readonly method: string;
  readonly event: Ctor<object>;
  readonly as: Ctor<object>;
}

/**
 * Makes a class say what a topic tells other services: integration events that its methods (`@Publish`) make of domain events, and nothing else. The
 * relay of the topic calls them; the class is pure and has no constructor parameters. Of domain events without a method others see only that
 * there was one, not which, and of commits nobody sees who acted.
 *
 * @example `@Publishes('orders') class OrdersToOthers { @Publish(OrderPlaced, PlacedOrder) placed(e: OrderPlaced) { return { orderId: e.orderId }; } }`
 * @publicApi
 */
export function Publishes(topic: string): (target: Type<object>) => void {
  return (target) => writeMetadata(target, TOPIC, topic);
}

/**
 * Makes an integration event of a domain event: the method answers its data, or `undefined` where this one is not to be told. It is pure: after a crash it
 * is called again, and must answer the same. Where it throws, its topic's relay stops there and tries again, visibly.
 * @publicApi
 */
export function Publish<E extends object, I extends object>(
  event: Ctor<E>,
  as: Ctor<I>,
): <M extends (event: E, context: EventContext) => Data<I> | undefined>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void {
  return (target, key) => {
    const publication = target.constructor as Ctor<object>;
    if (typeof key !== 'string')
      throw new ConfigurationError(
        `A method with @Publish in ${publication.name} is named by a symbol: give it a name.`,
      );
    writeMetadata(publication, MAPPINGS, [
      ...mappingsOf(publication),
      { method: key, event, as } satisfies MappingMetadata,
    ]);
  };
}

/** The topic that a class publishes to; `undefined` for any other class. */
export function publishedTopicOf(target: Ctor<object>): string | undefined {
  return metadataOf<string>(target, TOPIC);
}

/** The methods of a class that make integration events, in the order of their declaration. */
export function mappingsOf(target: Ctor<object>): readonly MappingMetadata[] {
  return metadataOf<readonly MappingMetadata[]>(target, MAPPINGS) ?? [];
}
