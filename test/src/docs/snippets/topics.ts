import { Module } from '@nestjs/common';
import { DomainEvent, EventTypes, IntegrationEvent } from '@nestfold/core';
import { kafka } from '@nestfold/kafka';
import { mongo, MongoOutbox } from '@nestfold/mongodb';
import { NestfoldModule } from '@nestfold/nestjs';
import { On, Projection, Publish, Publishes, ReadModelDocument, writes } from '@nestfold/projections';
import type { ClientSession, Collection, Db } from 'mongodb';

@DomainEvent('order.placed')
class OrderPlaced {
  orderId!: string;
  customerId!: string;
}

@ReadModelDocument('order_cards')
class OrderCardsDocument {
  _id!: string;
  customerId!: string;
}

const brokers = (process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092').split(',');
const topics = [{ name: 'order', partitions: 6 }];
const transport = kafka({ brokers, prefix: process.env['KAFKA_PREFIX'] ?? 'shop', topics });

/** The service that has the store. */
@Module({
  imports: [
    NestfoldModule.forRoot({ store: mongo({ uri: 'mongodb://127.0.0.1:27017/orders' }), transports: [transport] }),
  ],
})
export class OrdersModule {}

const card = writes(OrderCardsDocument);

@Projection('order-cards', { version: 2, readModels: [OrderCardsDocument], slicing: 'stream', source: kafka('order') })
export class OrderCards {
  @On(OrderPlaced) placed({ orderId, customerId }: OrderPlaced) {
    return card.insert(orderId, { customerId });
  }
}

@IntegrationEvent<PlacedOrder>('orders.placed', {
  check: ({ orderId }) => (typeof orderId === 'string' ? [] : ['orderId is no text']),
})
export class PlacedOrder {
  orderId!: string;
}

const told = { name: 'orders', categories: ['order'], partitions: 6, carries: 'integration-events' } as const;

@Publishes('orders')
export class OrdersToOthers {
  @Publish(OrderPlaced, PlacedOrder) placed({ orderId }: OrderPlaced) {
    return { orderId };
  }
}

export const toOthers = kafka({ brokers: ['127.0.0.1:9092'], prefix: 'shop', topics: [told] });

@DomainEvent('payment.taken')
class PaymentTaken {
  amount!: number;
}

const types = EventTypes.of([PaymentTaken]);

export async function take(db: Db, payments: Collection<{ _id: string }>, session: ClientSession, id: string) {
  const outbox = new MongoOutbox(db);
  await session.withTransaction(async () => {
    await payments.updateOne({ _id: id }, { $set: { state: 'taken' } }, { session });
    const events = [types.newEvent(PaymentTaken, { amount: 1_250 })];
    await outbox.add(session, { category: 'payment', key: id, events });
  });
}
