import {
  aggregateDefinitionOf,
  decide,
  EventTypes,
  isDomainRejection,
  isNotFound,
  rehydrate,
  storeTime,
  type Commit,
  type NewEvent,
  type Type,
} from '@nestfold/core';
import { projection } from '@nestfold/testing';
import { money, type Address, type OrderStatus } from '@shop/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Order } from '../../domain/order.aggregate.js';
import type { OrderState } from '../../domain/order.state.js';
import { totalsOf } from '../../domain/order-totals.js';
import { STAFF_STATUSES } from '../../domain/staff-status.js';
import { amounts } from './order-documents.js';
import { OrderRead } from './order-read.read-model.js';
import { OrdersReadProjection } from './orders-read.projection.js';

const orderId = 'o1';
const stream = 'order-o1';
const at = new Date('2026-01-01T10:00:00.000Z');
const home: Address = { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' };
const definition = aggregateDefinitionOf(Order);
const types = EventTypes.of(definition.events);
const circumstances = { stream, occurredAt: at, recordedAt: at, metadata: { correlationId: 'c', causationId: 'c' } };

const products = ['lamp', 'rug', 'vase'] as const;
const product = fc.constantFrom(...products);
const price = fc.integer({ min: 1, max: 99_999 }).map((cents) => money((cents / 100).toFixed(2)));
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ add: product, quantity: fc.integer({ min: 1, max: 5 }), price }) },
  { weight: 2, arbitrary: fc.record({ remove: product }) },
  { weight: 1, arbitrary: fc.record({ move: fc.constantFrom(...STAFF_STATUSES) }) },
);
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

function perform(order: Order, one: Act): void {
  if ('add' in one) {
    order.addItem(
      orderId,
      { productId: one.add, quantity: one.quantity },
      { productId: one.add, price: one.price, forSale: true },
    );
  } else if ('remove' in one) order.removeItem({ orderId, onlyFor: undefined, productId: one.remove });
  else order.changeStatus({ orderId, status: one.move, reason: '' });
}

/** The order after some events, and a way to go on. */
function orderAfter(events: readonly NewEvent[]) {
  const commit: Commit = { ...circumstances, firstVersion: 1, id: 'c', keyed: false, events, time: storeTime(1, 0) };
  return rehydrate(definition, types, events.length === 0 ? [] : [structuredCloneOf(commit)]);
}

// A fold takes the stored data over; these events are folded again.
function structuredCloneOf(commit: Commit): Commit {
  const copies = commit.events.map(({ type, schema, data }) => ({ type, schema, data: { ...data } }));
  return { ...commit, events: copies };
}

/** What a series of wishes comes to: those that a rule refuses come to nothing. */
function eventsOf(acts: readonly Act[]): {
  readonly events: readonly NewEvent[];
  readonly stages: readonly OrderStatus[];
} {
  const draft = (order: Order): void => order.draft(orderId, { customerId: 'ada', shippingAddress: home }, {});
  const events = [...decide(definition, orderAfter([]), circumstances, draft)];
  const stages: OrderStatus[] = ['draft'];
  for (const one of acts) {
    try {
      events.push(...decide(definition, orderAfter(events), circumstances, (order) => perform(order, one)));
      if ('move' in one) stages.push(one.move);
    } catch (error) {
      if (!isDomainRejection(error) && !isNotFound(error)) throw error;
    }
  }
  return { events, stages };
}

describe('the order that is shown', () => {
  it('is the order, after whatever was done to it', async () => {
    let placed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
        const { events, stages } = eventsOf(acts);
        if (stages.length > 1) placed += 1;
        const { items } = orderAfter(events).state as OrderState;
        const totals = amounts(totalsOf(items));
        const unknown = { name: '', sku: '', category: '', brand: '' };
        const told = events.reduce(
          (sentence, { type, data }) =>
            sentence.given(types.classOf(type) as Type<object>, data, { stream, occurredAt: at }),
          projection(OrdersReadProjection),
        );
        await told.then(OrderRead, orderId, {
          orderId,
          customer: { customerId: 'ada', name: '', email: '', vipStatus: 'regular' },
          items: items.map(({ productId, quantity, unitPrice, subtotal }) => ({
            productId,
            product: unknown,
            quantity,
            unitPrice: unitPrice.amount,
            subtotal: subtotal.amount,
          })),
          ...totals,
          status: stages.at(-1) ?? 'draft',
          statusHistory: stages.map((status) => ({ status, timestamp: at })),
          shippingAddress: home,
          billingAddress: home,
          createdAt: at,
          updatedAt: at,
          lastSyncedFrom: { writeModelVersion: events.length, syncedAt: at },
          searchText: items.map(() => '  ').join(' '),
        });
      }),
      { numRuns: 200 },
    );
    // Not all of the series end at once in a refusal.
    expect(placed).toBeGreaterThan(20);
  });
});
