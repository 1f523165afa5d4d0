import {
  Decimal,
  DomainEvent,
  EventTypes,
  systemEnvironment,
  type Data,
  type EventContext,
  type NewEvent,
  type StoreConnection,
  type Type,
} from '@nestfold/core';
import { On, Projection, ReadModelDocument, writes } from '@nestfold/projections';
import { kafka } from '../src/kafka.js';

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

@DomainEvent('customer.renamed')
export class CustomerRenamed {
  name!: string;
}

export const orderEvents = EventTypes.of([OrderPlaced, OrderShipped, CustomerRenamed]);

/** An event as a test appends it. */
export function fact<E extends object>(event: Type<E>, data: NoInfer<Data<E>>): NewEvent {
  return orderEvents.newEvent(event, data);
}

/** What was applied to one order, in the order in which it was: an event that is lost, doubled or out of order shows. */
@ReadModelDocument('topic_trail')
export class Trail {
  _id!: string;
  events!: number;
  versions!: number[];
}

const trail = writes(Trail);

/** One document a stream, from a topic. */
@Projection('trail', { version: 1, readModels: [Trail], slicing: 'stream', source: kafka('order') })
export class TrailProjection {
  @On(OrderPlaced, OrderShipped) placed(_event: OrderPlaced | OrderShipped, { stream, version }: EventContext) {
    return [
      trail.increment(stream, { events: 1 }, { initial: { events: 0, versions: [] } }),
      trail.push(stream, 'versions', version),
    ];
  }
}

/** Appends to a stream whatever its version is. */
export async function append({ events }: StoreConnection, stream: string, ...facts: NewEvent[]): Promise<void> {
  await events.append([
    {
      stream,
      expected: 'any',
      events: facts,
      commitId: systemEnvironment.uuid(),
      metadata: { correlationId: 'test', causationId: 'test' },
    },
  ]);
}

/** Appends commits of one or two events to random orders, by so many writers at once. */
export async function write(store: StoreConnection, commits: number, orders: number, writers = 16): Promise<void> {
  let left = commits;
  const writer = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const orderId = `${Math.floor(systemEnvironment.random() * orders)}`;
      const placed = fact(OrderPlaced, { orderId, total: Decimal.of('12.50'), at: new Date(0) });
      const more = systemEnvironment.random() < 0.2 ? [fact(OrderShipped, { orderId })] : [];
      await append(store, `order-${orderId}`, placed, ...more);
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
}
