import { expectTypeOf } from 'vitest';
import { Command } from '../command/command.js';
import { EventContext } from '../context/event-context.js';
import { DomainEvent } from '../event/domain-event.decorator.js';
import type { Repository } from '../repository/repository.js';
import { AggregateRoot, type StateOf } from './aggregate-root.js';
import { Aggregate } from './aggregate.decorator.js';
import { Apply } from './apply.decorator.js';
import { Handle } from './handle.decorator.js';

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
class PlaceOrder extends Command {
  orderId!: string;
  lines!: string[];
}
class CancelOrder extends Command {
  orderId!: string;
  reason!: string;
  priority!: number;
}
class OrderState {
  status: 'none' | 'placed' = 'none';
}
class OtherState {
  other = 1;
}

@Aggregate('order', { state: OrderState, events: [OrderPlaced, OrderCancelled], snapshotEvery: 200 })
class Order extends AggregateRoot<OrderState> {
  place(order: PlaceOrder): void {
    const first = order.lines[0];
    this.require(first !== undefined, 'order.empty');
    expectTypeOf(first).toEqualTypeOf<string>();
    this.emit(OrderPlaced, { orderId: order.orderId, total: 1 });
    // @ts-expect-error a wrong type
    this.emit(OrderPlaced, { orderId: 1, total: 1 });
    // @ts-expect-error a missing field
    this.emit(OrderPlaced, { orderId: '1' });
    // @ts-expect-error a field that the event does not have
    this.emit(OrderPlaced, { orderId: '1', total: 1, extra: true });
    // @ts-expect-error the state belongs to the appliers, and is never replaced
    this.state = new OrderState();
  }

  @Handle(CancelOrder, { id: 'orderId', on: 'existing' })
  cancel({ orderId, reason }: CancelOrder): void {
    this.emit(OrderCancelled, { orderId, reason });
  }

  // @ts-expect-error the stream id must be a string field
  @Handle(CancelOrder, { id: 'priority' })
  cancelWrongly(command: CancelOrder): void {
    void command;
  }

  // @ts-expect-error a decision is synchronous
  @Handle(CancelOrder, { id: 'orderId' })
  async cancelLater(command: CancelOrder): Promise<void> {
    void command;
  }

  // @ts-expect-error another command's shape
  @Handle(CancelOrder, { id: 'orderId' })
  cancelOther(command: PlaceOrder): void {
    void command;
  }

  @Apply(OrderPlaced)
  protected placed(): void {
    this.state.status = 'placed';
  }

  @Apply(OrderCancelled)
  protected cancelled(event: OrderCancelled, context: EventContext): void {
    void event.reason;
    void context.occurredAt;
  }

  // @ts-expect-error applying is synchronous
  @Apply(OrderPlaced)
  protected async placedLater(): Promise<void> {}

  // @ts-expect-error another event's shape
  @Apply(OrderPlaced)
  protected wrong(event: OrderCancelled): void {
    void event;
  }
}

// @ts-expect-error the state of another aggregate
@Aggregate('order', { state: OtherState, events: [] })
class WrongState extends AggregateRoot<OrderState> {}

// @ts-expect-error an aggregate takes no dependencies
@Aggregate('order', { state: OrderState, events: [] })
class Injected extends AggregateRoot<OrderState> {
  constructor(readonly clock: Date) {
    super();
  }
}

expectTypeOf<StateOf<Order>>().toEqualTypeOf<OrderState>();

export async function useRepository(orders: Repository<Order>, command: PlaceOrder): Promise<OrderState | undefined> {
  await orders.create(command.orderId, (order) => order.place(command));
  // @ts-expect-error a decision is synchronous
  await orders.create('1', async (order) => {
    order.place(command);
  });
  // @ts-expect-error an argument of the wrong type
  await orders.update('1', (order) => order.place('1'));
  // @ts-expect-error a bare number is no stated version
  await orders.save('1', (order) => order.place(command), { expected: 3 });
  const loaded = await orders.load(command.orderId);
  return loaded?.state;
}

declare const orders: Repository<Order>;
// @ts-expect-error the repository of another aggregate
export const others: Repository<WrongState> = orders;

export { Injected, Order, WrongState };
