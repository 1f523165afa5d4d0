import { Decimal, DomainEvent, type EventContext } from '@nestfold/core';
import { On, Projection, writes } from '@nestfold/projections';
import { describe, expect, it } from 'vitest';
import { projection } from './projection.js';

@DomainEvent('order.placed')
class OrderPlaced {
  orderId!: string;
  total!: Decimal;
}
@DomainEvent('order.cancelled')
class OrderCancelled {
  orderId!: string;
}
@DomainEvent('order.unrelated')
class Unrelated {}

class OrderView {
  _id!: string;
  total!: Decimal;
  stream!: string;
  version!: number;
  note?: string;
}
class DayTotal {
  _id!: string;
  orders!: number;
}
class OtherModel {
  _id!: string;
}

const order = writes(OrderView);
const day = writes(DayTotal);

@Projection('orders', { version: 1, readModels: [OrderView, DayTotal] })
class Orders {
  @On(OrderPlaced)
  placed(e: OrderPlaced, { stream, version, occurredAt }: EventContext) {
    return [
      order.insert(e.orderId, { total: e.total, stream, version }),
      day.increment(occurredAt.toISOString().slice(0, 10), { orders: 1 }, { initial: { orders: 0 } }),
    ];
  }
  @On(OrderCancelled)
  cancelled(e: OrderCancelled) {
    return order.remove(e.orderId);
  }
}

const placed = projection(Orders).given(OrderPlaced, { orderId: '7', total: Decimal.of('1.50') });
const view = { total: Decimal.of('1.50'), stream: 'specification-1', version: 1 };

describe('projection', () => {
  it('passes where the documents are those that are named', async () => {
    await placed.then(OrderView, '7', view).and(DayTotal, '2024-01-01', { orders: 1 }).absent(OrderView, '8');
    await placed.given(OrderCancelled, { orderId: '7' }).absent(OrderView, '7');
  });

  it('gives events the place that is said', async () => {
    await placed
      .given(Unrelated, {}, { stream: 'order-8' })
      .given(
        OrderPlaced,
        { orderId: '8', total: Decimal.of(2) },
        { stream: 'order-8', occurredAt: new Date('2025-05-05T05:05:05Z') },
      )
      .then(OrderView, '8', { total: Decimal.of(2), stream: 'order-8', version: 2 })
      .and(DayTotal, '2025-05-05', { orders: 1 });
  });

  it('fails and shows both where a document is another', async () => {
    await expect(Promise.resolve(placed.then(OrderView, '7', { ...view, version: 2 }))).rejects.toMatchObject({
      message: expect.stringContaining("Orders: the OrderView '7' after 1 event(s)"),
      actual: { _id: '7', ...view },
      expected: { _id: '7', ...view, version: 2 },
    });
  });

  it('fails where a document is missing or is there', async () => {
    await expect(Promise.resolve(placed.then(OrderView, '8', view))).rejects.toThrow("the OrderView '8'");
    await expect(Promise.resolve(placed.absent(OrderView, '7'))).rejects.toThrow("the OrderView '7'");
  });

  it('checks every part of the sentence', async () => {
    await expect(Promise.resolve(placed.then(OrderView, '7', view).absent(DayTotal, '2024-01-01'))).rejects.toThrow(
      'the DayTotal',
    );
  });

  it('rejects with what a method or its write could not do', async () => {
    const twice = placed.given(OrderPlaced, { orderId: '7', total: Decimal.of(1) });
    await expect(Promise.resolve(twice.absent(OrderView, '7'))).rejects.toMatchObject({ code: 'projection.failed' });
  });

  it('refuses a read model of another projection', () => {
    expect(() => placed.absent(OtherModel, '7')).toThrow(
      'Orders does not write OtherModel: its read models are OrderView, DayTotal',
    );
  });

  it('fails where nothing is said of the documents', async () => {
    await expect(Promise.resolve(placed as unknown as PromiseLike<void>)).rejects.toThrow(
      'end with then(Model, id, document)',
    );
  });

  it.fails('fails at the end of the test where it is not awaited', () => {
    void placed.then(OrderView, '7', { ...view, version: 2 });
  });
});
