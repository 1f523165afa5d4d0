import { expectTypeOf } from 'vitest';
import { Decimal } from '../data/decimal.js';
import { DomainEvent } from './domain-event.decorator.js';
import { EventTypes } from './event-types.js';
import { upcasts } from './upcaster.js';

class Money {
  amount!: string;
  plus(other: Money): Money {
    return other;
  }
}

class Line {
  sku!: string;
  quantity!: number;
}

@DomainEvent('order.placed', { version: 2 })
class OrderPlaced {
  orderId!: string;
  customerId!: string;
  total!: number;
}

@DomainEvent('order.priced')
class OrderPriced {
  total!: Decimal;
  at!: Date;
  lines!: Line[];
  note?: string;
}

// @ts-expect-error a value with methods would come back without them
@DomainEvent('bad')
class Bad {
  orderId!: string;
  total!: Money;
}

// @ts-expect-error a method would not come back
@DomainEvent('method')
class WithMethod {
  orderId!: string;
  shout(): string {
    return this.orderId;
  }
}

// @ts-expect-error a map would come back as something else
@DomainEvent('map')
class WithMap {
  tags!: Map<string, string>;
}

// @ts-expect-error a bigint has no stored form
@DomainEvent('big')
class WithBigint {
  total!: bigint;
}

// @ts-expect-error an event has no constructor with parameters
@DomainEvent('constructed')
class Constructed {
  constructor(readonly orderId: string) {}
}

interface PlacedV1 {
  orderId: string;
  customerId: string;
  total: string;
}
upcasts(OrderPlaced)
  .from<PlacedV1>(1)
  .to(2, (old) => ({ ...old, total: Number(old.total) }))
  .current();
// @ts-expect-error the chain does not end in today's shape
upcasts(OrderPlaced)
  .from<PlacedV1>(1)
  .to(2, (old) => ({ ...old, sum: 1 }))
  .current();
const ofSum = (old: { sum: number }): { sum: number } => old;
const begun = upcasts(OrderPlaced)
  .from<PlacedV1>(1)
  .to(2, ({ total }) => ({ total }));
// @ts-expect-error the second step does not begin where the first ends
begun.to(3, ofSum);

const types = EventTypes.of([OrderPlaced, OrderPriced]);
types.newEvent(OrderPriced, { total: Decimal.of('1'), at: new Date(), lines: [{ sku: 's', quantity: 1 }] });
// @ts-expect-error a missing field
types.newEvent(OrderPlaced, { orderId: '1', customerId: 'c' });
// @ts-expect-error a wrong type
types.newEvent(OrderPlaced, { orderId: '1', customerId: 'c', total: '1' });
// @ts-expect-error a field that the event does not have
types.newEvent(OrderPlaced, { orderId: '1', customerId: 'c', total: 1, extra: true });

expectTypeOf(types.classOf('order.placed')).toEqualTypeOf<(new () => object) | undefined>();

export { Bad, Constructed, WithBigint, WithMap, WithMethod };
