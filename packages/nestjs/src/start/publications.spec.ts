import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { CommandBus, InMemoryBroker, inMemory, inMemoryTransport, IntegrationEvent } from '@nestfold/core';
import { Publish, Publishes } from '@nestfold/projections';
import { expect, it, onTestFinished, vi } from 'vitest';
import { NestfoldModule } from '../index.js';
import { Order, OrderPlaced, PlaceOrder, PlaceOrderHandler, TouchHandler } from '../shop.fixture.js';
import { problemsOf } from './problems-of.fixture.js';

@IntegrationEvent('orders.placed')
class PlacedOrder {
  orderId!: string;
}

@Publishes('order')
class OrdersToOthers {
  @Publish(OrderPlaced, PlacedOrder) placed({ orderId }: OrderPlaced) {
    return { orderId };
  }
}

@Injectable()
class Mails {}

it('a topic tells what a provider with @Publishes makes of events', async () => {
  const broker = new InMemoryBroker();
  const topics = [{ name: 'order', categories: ['order'], partitions: 1, carries: 'integration-events' as const }];
  const module = await Test.createTestingModule({
    imports: [
      NestfoldModule.forRoot({ store: inMemory(), transports: [inMemoryTransport(topics, broker)] }),
      NestfoldModule.forFeature({ aggregates: [Order] }),
    ],
    providers: [PlaceOrderHandler, TouchHandler, OrdersToOthers],
  }).compile();
  const app = module.createNestApplication({ logger: false });
  onTestFinished(() => app.close());
  await app.init();
  const lines = [{ sku: 'a', quantity: 1 }];
  await app.get(CommandBus).execute(PlaceOrder.of({ orderId: '1', customer: 'ada', lines: lines }), {});
  await vi.waitFor(
    () =>
      expect(broker.log('order', 0).messages).toMatchObject([
        { relayed: { commit: { events: [{ type: 'orders.placed', data: { orderId: '1' } }] } } },
      ]),
    10_000,
  );
});

it('start refuses a publication that something would be injected into', async () => {
  // In JavaScript, or behind a cast, the compiler refuses nothing.
  @Injectable()
  @(Publishes('order') as ClassDecorator)
  class Needy {
    constructor(readonly mails: Mails) {}
    @Publish(OrderPlaced, PlacedOrder) placed({ orderId }: OrderPlaced) {
      return { orderId };
    }
  }
  expect(await problemsOf({ providers: [Mails, Needy] })).toEqual([
    expect.stringContaining('Needy is a publication, but its constructor takes arguments'),
  ]);
});
