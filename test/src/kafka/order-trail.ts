import {
  Decimal,
  DomainEvent,
  EventTypes,
  systemEnvironment,
  type EventContext,
  type StoreConnection,
} from '@nestfold/core';
import { kafka } from '@nestfold/kafka';
import { On, Projection, ReadModelDocument, writes } from '@nestfold/projections';

@DomainEvent('order.placed')
export class OrderPlaced {
  orderId!: string;
  total!: Decimal;
  at!: Date;
}

@DomainEvent('order.shipped')
export class OrderShipped {
  orderId!: string;
}

export const orderEvents = EventTypes.of([OrderPlaced, OrderShipped]);

/** What was applied to one order, in the order in which it was: an event that is lost, doubled or out of order shows. */
@ReadModelDocument('order_trail')
export class OrderTrail {
  _id!: string;
  versions!: number[];
}

/** The same, read by another projection. */
@ReadModelDocument('topic_trail')
export class TopicTrail {
  _id!: string;
  versions!: number[];
}

const [stored, relayed] = [writes(OrderTrail), writes(TopicTrail)];

/** One document a stream, from the store's own feed. */
@Projection('order-trail', { version: 1, readModels: [OrderTrail], slicing: 'stream' })
export class OrderTrailProjection {
  @On(OrderPlaced, OrderShipped) applied(_event: OrderPlaced | OrderShipped, { stream, version }: EventContext) {
    return stored.reduce(stream, (document) => ({ versions: [...(document?.versions ?? []), version] }));
  }
}

/** The same, from the topic. */
@Projection('topic-trail', { version: 1, readModels: [TopicTrail], slicing: 'stream', source: kafka('order') })
export class TopicTrailProjection {
  @On(OrderPlaced, OrderShipped) applied(_event: OrderPlaced | OrderShipped, { stream, version }: EventContext) {
    return relayed.reduce(stream, (document) => ({ versions: [...(document?.versions ?? []), version] }));
  }
}

/** Appends a commit of one or two events to one of so many orders, or of one to `most`, all numbers alike; answers of how many. */
export async function touchOrder({ events }: StoreConnection, orders: number, most?: number): Promise<number> {
  const orderId = `${Math.floor(systemEnvironment.random() * orders)}`;
  const placed = orderEvents.newEvent(OrderPlaced, { orderId, total: Decimal.of('12.50'), at: new Date(0) });
  const more =
    most === undefined ? Number(systemEnvironment.random() < 0.2) : Math.floor(systemEnvironment.random() * most);
  const shipped = Array.from({ length: more }, () => orderEvents.newEvent(OrderShipped, { orderId }));
  await events.append([
    {
      stream: `order-${orderId}`,
      expected: 'any',
      events: [placed, ...shipped],
      commitId: systemEnvironment.uuid(),
      metadata: { correlationId: 'test', causationId: 'test' },
    },
  ]);
  return 1 + more;
}
