import { EventTypes, IntegrationEvent, type EventContext } from '@nestfold/core';
import { kafka } from '@nestfold/kafka';
import { On, Projection, Publish, Publishes, ReadModelDocument, writes } from '@nestfold/projections';
import { OrderPlaced, OrderShipped } from './order-trail.js';

/** What others are told of an order; what ships it is withheld. */
@IntegrationEvent<ToldOrder>('orders.told', {
  check: ({ orderId }) => (typeof orderId === 'string' ? [] : ['orderId is no text']),
})
export class ToldOrder {
  orderId!: string;
}

/** What an outbox tells of a service that keeps documents. */
@IntegrationEvent<ToldPayment>('payments.told', {
  check: ({ count }) => (Number.isSafeInteger(count) ? [] : ['count is no whole number']),
})
export class ToldPayment {
  count!: number;
}

export const toldEvents = EventTypes.of([OrderPlaced, OrderShipped, ToldOrder, ToldPayment]);

@Publishes('told')
export class OrdersToOthers {
  @Publish(OrderPlaced, ToldOrder) placed({ orderId }: OrderPlaced) {
    return { orderId };
  }
}

/** What was applied of one key, in the order in which it was. */
@ReadModelDocument('told_trail')
export class ToldTrail {
  _id!: string;
  versions!: number[];
  counts!: number[];
}

const told = writes(ToldTrail);

@Projection('told-trail', { version: 1, readModels: [ToldTrail], slicing: 'stream', source: kafka('told') })
export class ToldTrailProjection {
  @On(ToldOrder) order(_event: ToldOrder, { stream, version }: EventContext) {
    return told.reduce(stream, (document) => ({
      counts: document?.counts ?? [],
      versions: [...(document?.versions ?? []), version],
    }));
  }

  @On(ToldPayment) payment({ count }: ToldPayment, { stream, version }: EventContext) {
    return told.reduce(stream, (document) => ({
      counts: [...(document?.counts ?? []), count],
      versions: [...(document?.versions ?? []), version],
    }));
  }
}
