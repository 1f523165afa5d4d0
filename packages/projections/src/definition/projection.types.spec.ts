import { Decimal, DomainEvent, type EventContext, type HandlerContext } from '@nestfold/core';
import type { ReadModel } from '../reading/read-model.js';
import { EventsHandler } from './events-handler.decorator.js';
import { On } from './on.decorator.js';
import { Projection } from './projection.decorator.js';
import { writes } from './writes.js';

// Compiled, never run: each line marked must be refused by the compiler, and nothing else.

@DomainEvent('order.placed', { version: 2 })
class OrderPlaced {
  orderId!: string;
  customerId!: string;
  total!: number;
}
@DomainEvent('order.shipped')
class OrderShipped {
  orderId!: string;
  at!: string;
}
@DomainEvent('order.cancelled')
class OrderCancelled {
  orderId!: string;
  reason!: string;
}
@DomainEvent('customer.renamed')
class CustomerRenamed {
  customerId!: string;
  name!: string;
}

class OrderView {
  _id!: string;
  status!: 'placed' | 'shipped';
  customer!: { name: string; address: { city: string; zip?: string } };
  customerId!: string;
  total!: number;
  paid!: Decimal;
  lines!: { sku: string }[];
  tags?: string[];
  note?: string;
  closedAt!: Date | null;
  byDay!: Record<string, number>;
}
class CustomerCard {
  _id!: string;
  name!: string;
}
class Foreign {
  _id!: string;
  x!: string;
}
class Money {
  amount!: string;
}

const view = writes(OrderView);
const card = writes(CustomerCard);
const foreign = writes(Foreign);
const order = {
  status: 'placed' as const,
  customer: { name: '', address: { city: '' } },
  customerId: '',
  total: 0,
  paid: Decimal.of(0),
  lines: [],
  closedAt: null,
  byDay: {},
};

@Projection('order-view', { version: 3, readModels: [OrderView, CustomerCard], slicing: 'single' })
export class OrderViewProjection {
  @On(OrderPlaced, { with: { customer: [CustomerCard, (e) => e.customerId] } })
  placed(e: OrderPlaced, { customer }: EventContext & { customer: CustomerCard | undefined }) {
    return view.insert(e.orderId, { ...order, customerId: customer?.name ?? '' });
  }
  @On(OrderShipped) shipped(e: OrderShipped, context: EventContext) {
    return context.version > 1 ? view.patch(e.orderId, { status: 'shipped' }) : undefined;
  }
  @On(OrderShipped, OrderCancelled) gone(e: OrderShipped | OrderCancelled) {
    return view.remove(e.orderId);
  }
  @On(CustomerRenamed) renamed(e: CustomerRenamed) {
    return [
      card.patch(e.customerId, { name: e.name }),
      view.patchWhere({ customerId: e.customerId, 'lines.sku': 'a' }, { 'customer.name': e.name }),
    ];
  }
  // @ts-expect-error another event's shape
  @On(OrderShipped) other(e: OrderCancelled) {
    return view.remove(e.orderId);
  }
  // @ts-expect-error a forgotten return
  @On(OrderShipped) forgotten(e: OrderShipped) {
    view.remove(e.orderId);
  }
  // @ts-expect-error projections are synchronous
  @On(OrderShipped) async later(e: OrderShipped) {
    return view.remove(e.orderId);
  }
  // @ts-expect-error one of two events
  @On(OrderShipped, OrderCancelled) half(e: OrderCancelled) {
    return view.remove(e.orderId);
  }
  // @ts-expect-error a document that was not asked for
  @On(OrderShipped, { with: { card: [CustomerCard, (e) => e.orderId] } }) unasked(
    e: OrderShipped,
    { customer }: EventContext & { customer: CustomerCard },
  ) {
    return view.patch(e.orderId, { 'customer.name': customer.name });
  }
  // @ts-expect-error a prefetched document may be missing
  @On(OrderShipped, { with: { card: [CustomerCard, (e) => e.orderId] } }) missing(
    e: OrderShipped,
    { card: found }: EventContext & { card: CustomerCard },
  ) {
    return view.patch(e.orderId, { 'customer.name': found.name });
  }
  // @ts-expect-error the id is text
  @On(OrderShipped, { with: { card: [CustomerCard, () => 5] } }) wrongId(e: OrderShipped) {
    return view.remove(e.orderId);
  }
  // @ts-expect-error plain data is no write
  @On(OrderShipped) plain(e: OrderShipped) {
    return { kind: 'remove', id: e.orderId };
  }
}
// @ts-expect-error writes another projection's read model
@Projection('foreign', { version: 1, readModels: [OrderView] })
export class ForeignProjection {
  @On(OrderShipped) x(e: OrderShipped) {
    return foreign.patch(e.orderId, { x: '' });
  }
}
// @ts-expect-error one of several writes belongs to another projection
@Projection('mixed', { version: 1, readModels: [OrderView] })
export class MixedProjection {
  @On(OrderShipped) x(e: OrderShipped) {
    return [view.remove(e.orderId), foreign.patch(e.orderId, { x: '' })];
  }
}
// @ts-expect-error projections are pure: nothing is injected
@Projection('injected', { version: 1, readModels: [OrderView] })
export class InjectedProjection {
  constructor(readonly money: Money) {}
}
Projection('sliced', { version: 1, readModels: [OrderView], slicing: 'stream' });
// @ts-expect-error there are two ways to slice
Projection('sliced', { version: 1, readModels: [OrderView], slicing: 'category' });
Projection('plain', { version: 1, readModels: [OrderView], mode: 'plain' });
// @ts-expect-error there are two modes
Projection('stamped', { version: 1, readModels: [OrderView], mode: 'stamped' });

export const accepted = [
  view.patch('1', {
    'customer.address.city': 'x',
    total: 1,
    closedAt: null,
    note: undefined,
    'customer.address.zip': undefined,
  }),
  view.increment('1', { total: 1, paid: Decimal.of('0.10'), 'byDay.monday': 1 }),
  view.increment('1', { total: 1 }, { initial: order }),
  view.push('1', 'lines', { sku: 'a' }, { sku: 'b' }),
  view.push('1', 'tags', 'a'),
  view.reduce('1', (document) => (document === undefined ? order : { ...document, total: 2 })),
  view.patchWhere({ closedAt: null, status: 'placed' }, { total: 0 }),
];

// @ts-expect-error a value that the model does not know
view.patch('1', { status: 'shippd' });
// @ts-expect-error a field that the model does not know
view.patch('1', { colour: 'red' });
// @ts-expect-error a path that the model does not know
view.patch('1', { 'customer.surname': '' });
// @ts-expect-error the wrong type at a path
view.patch('1', { 'customer.address.city': 1 });
// @ts-expect-error the id is no field to be written
view.patch('1', { _id: '2' });
// @ts-expect-error a field that must be there cannot be taken away
view.patch('1', { status: undefined });
// @ts-expect-error all fields are asked for
view.insert('1', { status: 'placed' });
// @ts-expect-error an extra field
view.insert('1', { ...order, colour: 'red' } satisfies Omit<OrderView, '_id'>);
// @ts-expect-error incrementing text
view.increment('1', { status: 1 });
// @ts-expect-error a decimal field takes decimals: a float would not be exact
view.increment('1', { paid: 0.1 });
// @ts-expect-error a whole document is asked for
view.increment('1', { total: 1 }, { initial: { total: 0 } });
// @ts-expect-error another kind of item
view.push('1', 'lines', 'a');
// @ts-expect-error no array
view.push('1', 'total', 1);
// @ts-expect-error not a whole document
view.reduce('1', () => ({ total: 1 }));
// @ts-expect-error a condition on what the model does not know
view.patchWhere({ colour: 'red' }, { total: 1 });
// @ts-expect-error the wrong type in a condition
view.patchWhere({ 'lines.sku': 1 }, { total: 1 });
// @ts-expect-error nothing can be taken away from many
view.patchWhere({ status: 'placed' }, { note: undefined });

@EventsHandler(OrderPlaced, OrderShipped, { name: 'order-mails', startFrom: 'now' })
export class OrderMails {
  constructor(readonly mailer: Money) {}
  async handle(e: OrderPlaced | OrderShipped, context: HandlerContext): Promise<void> {
    void e;
    void context.idempotencyKey;
  }
}
// @ts-expect-error name and start are part of the contract
@EventsHandler(OrderPlaced)
export class Nameless {
  async handle(e: OrderPlaced): Promise<void> {
    void e;
  }
}
// @ts-expect-error a start is part of the contract
EventsHandler(OrderPlaced, { name: 'startless' });
// @ts-expect-error it handles one of two events only
@EventsHandler(OrderPlaced, OrderShipped, { name: 'half', startFrom: 'beginning' })
export class HalfHandler {
  async handle(e: OrderPlaced): Promise<void> {
    void e;
  }
}

declare const orders: ReadModel<OrderView>;
export const reads = [
  orders.find({
    where: {
      'customer.name': { startsWith: 'A' },
      total: { gte: 1, lt: 5 },
      'lines.sku': { in: ['a'] },
      closedAt: null,
    },
    sort: { total: -1 },
    limit: 10,
  }),
  orders.findOne({ text: 'red shoes' }),
  orders.count(),
];
// @ts-expect-error a field that the model does not know
void orders.find({ where: { colour: 'red' } });
// @ts-expect-error the wrong type
void orders.find({ where: { total: { gte: 'a' } } });
// @ts-expect-error a direction is 1 or -1
void orders.find({ sort: { total: 'down' } });
// @ts-expect-error the read model of another document
export const wrong: ReadModel<CustomerCard> = orders;
