/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return -- what must not compile has no type */
import { Aggregate, AggregateRoot, Command, DomainEvent, Handle } from '@nestfold/core';
import { specification } from './specification.js';

@DomainEvent('order.placed')
class OrderPlaced {
  orderId!: string;
  total!: number;
}
@DomainEvent('order.cancelled')
class OrderCancelled {
  orderId!: string;
  reason!: string;
}
class CancelOrder extends Command {
  orderId!: string;
  reason!: string;
}
class OrderState {}

@Aggregate('order', { state: OrderState, events: [OrderPlaced, OrderCancelled] })
class Order extends AggregateRoot<OrderState> {
  place(order: { orderId: string; total: number }) {
    this.emit(OrderPlaced, order);
  }
  @Handle(CancelOrder, { id: 'orderId' })
  cancel({ orderId, reason }: CancelOrder) {
    this.emit(OrderCancelled, { orderId, reason });
  }
}

const placed = specification(Order).given(OrderPlaced, { orderId: '1', total: 2 });
placed.when(CancelOrder.of({ orderId: '1', reason: 'r' })).then(OrderCancelled, { orderId: '1', reason: 'r' });
placed.when((order) => order.place({ orderId: '1', total: 1 })).refused('order.already-placed');

// @ts-expect-error an argument of the wrong type
specification(Order).when((order) => order.place('1'));
// @ts-expect-error a field of the given event is missing
specification(Order).given(OrderPlaced, { orderId: '1' });
// @ts-expect-error a field of the given event is of a wrong type
specification(Order).given(OrderPlaced, { orderId: '1', total: '2' });
// @ts-expect-error a field of the expected event is missing
placed.when(CancelOrder.of({ orderId: '1', reason: 'r' })).then(OrderCancelled, { orderId: '1' });
// @ts-expect-error a field that the expected event does not have
placed.when(CancelOrder.of({ orderId: '1', reason: 'r' })).then(OrderCancelled, { orderId: '1', reason: 'r', by: 'x' });
// @ts-expect-error an event is no command
placed.when(new OrderPlaced());
// @ts-expect-error a class that is no aggregate
specification(OrderState);
// @ts-expect-error a decision comes after what was given
placed.then(OrderCancelled, { orderId: '1', reason: 'r' });
// @ts-expect-error a method that the aggregate does not have
placed.when((order) => order.ship());
