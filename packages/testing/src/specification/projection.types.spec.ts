import { DomainEvent } from '@nestfold/core';
import { On, Projection, writes } from '@nestfold/projections';
import { projection } from './projection.js';

@DomainEvent('order.placed')
class OrderPlaced {
  orderId!: string;
  total!: number;
}
class OrderView {
  _id!: string;
  total!: number;
}
const view = writes(OrderView);

@Projection('orders', { version: 1, readModels: [OrderView] })
class Orders {
  @On(OrderPlaced)
  placed(e: OrderPlaced) {
    return view.insert(e.orderId, { total: e.total });
  }
}

const given = projection(Orders).given(OrderPlaced, { orderId: '1', total: 2 }, { stream: 'order-1' });
export const verdict: Promise<void> = (async () => given.then(OrderView, '1', { total: 2 }).absent(OrderView, '2'))();

// @ts-expect-error a field of the given event is missing
projection(Orders).given(OrderPlaced, { orderId: '1' });
// @ts-expect-error a field of the document is missing
void given.then(OrderView, '1', {});
// @ts-expect-error a field of the document is of a wrong type
void given.then(OrderView, '1', { total: '2' });
// @ts-expect-error a field that the document does not have
void given.then(OrderView, '1', { total: 2, sum: 2 });
// @ts-expect-error an id is text
void given.absent(OrderView, 1);
