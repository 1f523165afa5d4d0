import { Decimal, DomainEvent, IntegrationEvent, type EventContext } from '@nestfold/core';
import { Publish, Publishes } from './publishes.decorator.js';

// Compiled, never run: each line marked must be refused by the compiler, and nothing else.

@DomainEvent('order.placed')
class OrderPlaced {
  orderId!: string;
  total!: Decimal;
}

@IntegrationEvent<PlacedOrder>('orders.placed', { check: ({ orderId }) => (orderId === '' ? ['no orderId'] : []) })
class PlacedOrder {
  orderId!: string;
  at!: Date;
  note?: string;
}

@Publishes('orders')
class Good {
  @Publish(OrderPlaced, PlacedOrder) placed({ orderId }: OrderPlaced, { occurredAt }: EventContext) {
    return { orderId, at: occurredAt };
  }
  @Publish(OrderPlaced, PlacedOrder) some({ orderId }: OrderPlaced, { occurredAt }: EventContext) {
    return orderId === '' ? undefined : { orderId, at: occurredAt, note: 'paid' };
  }
  @Publish(OrderPlaced, PlacedOrder) none() {
    return undefined;
  }
}

@Publishes('orders')
class Bad {
  // @ts-expect-error a field of the integration event is missing
  @Publish(OrderPlaced, PlacedOrder) missing({ orderId }: OrderPlaced) {
    return { orderId };
  }
  // @ts-expect-error a field of another type
  @Publish(OrderPlaced, PlacedOrder) mistyped({ orderId }: OrderPlaced) {
    return { orderId, at: 'today' };
  }
  // @ts-expect-error nobody waits for a mapping
  @Publish(OrderPlaced, PlacedOrder) async later({ orderId }: OrderPlaced) {
    return Promise.resolve({ orderId, at: new Date(0) });
  }
  // @ts-expect-error the method takes another event than is told of
  @Publish(OrderPlaced, PlacedOrder) other({ orderId, at }: PlacedOrder) {
    return { orderId, at };
  }
  // @ts-expect-error several events of one have no places in the stream
  @Publish(OrderPlaced, PlacedOrder) several({ orderId }: OrderPlaced, { occurredAt }: EventContext) {
    return [{ orderId, at: occurredAt }];
  }
  // @ts-expect-error a forgotten return
  @Publish(OrderPlaced, PlacedOrder) forgotten(_event: OrderPlaced) {}
  // @ts-expect-error something else than a context is asked for
  @Publish(OrderPlaced, PlacedOrder) injected({ orderId }: OrderPlaced, clock: Date) {
    return { orderId, at: clock };
  }
  // @ts-expect-error a field is no method
  @Publish(OrderPlaced, PlacedOrder) field = 7;
}

// @ts-expect-error it is made without arguments: what it says depends on the event alone
@Publishes('orders')
class Injected {
  constructor(readonly clock: Date) {}
}

// @ts-expect-error a topic is named
@Publishes()
class Nameless {}

// @ts-expect-error a map would come back as something else
@IntegrationEvent('orders.tagged')
class WithMap {
  tags!: Map<string, string>;
}

// @ts-expect-error a check of another event
@IntegrationEvent<OrderPlaced>('orders.other', { check: ({ orderId }: PlacedOrder) => [orderId] })
class Checked {
  orderId!: string;
  total!: Decimal;
}

export { Bad, Checked, Good, Injected, Nameless, WithMap };
