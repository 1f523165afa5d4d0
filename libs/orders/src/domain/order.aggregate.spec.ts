import { isNotFound, type Data } from '@nestfold/core';
import { specification } from '@nestfold/testing';
import { money, OrderCancelled, OrderConfirmed, type Address } from '@shop/contracts';
import { describe, expect, it } from 'vitest';
import { CancelOrder } from '../commands/cancel-order.command.js';
import { ChangeOrderStatus } from '../commands/change-order-status.command.js';
import { PlaceOrder } from '../commands/place-order.command.js';
import { RemoveItem } from '../commands/remove-item.command.js';
import { Order } from './order.aggregate.js';
import {
  OrderDelivered,
  OrderDrafted,
  OrderItemAdded,
  OrderItemRemoved,
  OrderPlaced,
  OrderShipped,
} from './order.events.js';
import { ORDER_LIMITS } from './order-limits.js';
import { totalsOf } from './order-totals.js';
import { itemOf, type Quote } from './quote.js';
import type { StaffStatus } from './staff-status.js';

const orderId = 'o1';
const customerId = 'ada';
const home: Address = { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' };
const office: Address = { ...home, street: '2 Side Street' };
const lamp: Quote = { productId: 'lamp', price: money('20.00'), forSale: true };
const rug: Quote = { productId: 'rug', price: money('80.00'), forSale: true };

const drafted: Data<OrderDrafted> = { orderId, customerId, shippingAddress: home, billingAddress: home };
const twoLamps = itemOf(lamp, 2);
const lampsAdded: Data<OrderItemAdded> = { orderId, item: twoLamps, totals: totalsOf([twoLamps]) };
const items = [twoLamps];
const placed: Data<OrderPlaced> = {
  orderId,
  customerId,
  items,
  totals: totalsOf(items),
  shippingAddress: home,
  billingAddress: home,
};

const empty = () => specification(Order).given(OrderDrafted, drafted);
const draft = () => empty().given(OrderItemAdded, lampsAdded);
const pending = () => draft().given(OrderPlaced, placed);
const confirmed = () => pending().given(OrderConfirmed, { orderId, customerId, items });
const shipped = () => confirmed().given(OrderShipped, { orderId });
const delivered = () => shipped().given(OrderDelivered, { orderId });
const cancelled = () => pending().given(OrderCancelled, { orderId, customerId, reason: '', from: 'pending', items });

const place = (changes: Partial<Data<PlaceOrder>> = {}) =>
  PlaceOrder.of({ orderId, onlyFor: undefined, shippingAddress: undefined, billingAddress: undefined, ...changes });
const move = (status: StaffStatus) => ChangeOrderStatus.of({ orderId, status, reason: 'staff' });
const cancel = (onlyFor?: string) => CancelOrder.of({ orderId, onlyFor, reason: 'changed my mind' });
const remove = (productId: string, onlyFor?: string) => RemoveItem.of({ orderId, onlyFor, productId });

describe('an order that is begun', () => {
  it("goes to the customer's own addresses unless others are stated", () => {
    const customer = { customerId, shippingAddress: home };
    specification(Order)
      .when((order) => order.draft(orderId, customer, {}))
      .then(OrderDrafted, drafted);
    specification(Order)
      .when((order) => order.draft(orderId, customer, { shippingAddress: office }))
      .then(OrderDrafted, { ...drafted, shippingAddress: office, billingAddress: office });
    specification(Order)
      .when((order) => order.draft(orderId, { ...customer, billingAddress: office }, {}))
      .then(OrderDrafted, { ...drafted, billingAddress: office });
  });

  it('needs a customer', () => {
    specification(Order)
      .when((order) => order.draft(orderId, undefined, {}))
      .refused('order.customer-unknown');
  });
});

describe('a draft', () => {
  it('takes items at the price of the day, and adds pieces to those that are there', () => {
    empty()
      .when((order) => order.addItem(orderId, { productId: 'lamp', quantity: 2 }, lamp))
      .then(OrderItemAdded, lampsAdded);
    const dearer = itemOf({ ...lamp, price: money('25.00') }, 5);
    draft()
      .when((order) => order.addItem(orderId, { productId: 'lamp', quantity: 3 }, { ...lamp, price: money('25.00') }))
      .then(OrderItemAdded, { orderId, item: dearer, totals: totalsOf([dearer]) });
    const one = itemOf(rug, 1);
    draft()
      .when((order) => order.addItem(orderId, { productId: 'rug', quantity: 1 }, rug))
      .then(OrderItemAdded, { orderId, item: one, totals: totalsOf([twoLamps, one]) });
  });

  it('takes no product that is unknown or not for sale any more', () => {
    const line = { productId: 'lamp', quantity: 1 };
    empty()
      .when((order) => order.addItem(orderId, line, undefined))
      .refused('order.product-unknown');
    empty()
      .when((order) => order.addItem(orderId, line, { ...lamp, forSale: false }))
      .refused('order.product-not-for-sale');
  });

  it('is bounded in products and in pieces of each', () => {
    draft()
      .when((order) => order.addItem(orderId, { productId: 'lamp', quantity: ORDER_LIMITS.quantity - 1 }, lamp))
      .refused('order.too-many-pieces');
    specification(Order)
      .given(OrderDrafted, drafted)
      .when((order) => {
        for (let index = 0; index <= ORDER_LIMITS.items; index += 1) {
          const productId = `p${index}`;
          order.addItem(orderId, { productId, quantity: 1 }, { ...lamp, productId });
        }
      })
      .refused('order.too-many-items');
  });

  it('lets items go, those only that are in it', () => {
    draft()
      .when(remove('lamp'))
      .then(OrderItemRemoved, { orderId, productId: 'lamp', totals: totalsOf([]) });
    expect(() => draft().when(remove('rug'))).toThrow(expect.toSatisfy(isNotFound) as Error);
  });

  it('is placed with all that is in it', () => {
    draft().when(place()).then(OrderPlaced, placed);
    draft().when(move('pending')).then(OrderPlaced, placed);
    draft()
      .when(place({ shippingAddress: office }))
      .then(OrderPlaced, { ...placed, shippingAddress: office });
  });

  it('is not placed without items or without an address', () => {
    empty().when(place()).refused('order.empty');
    specification(Order)
      .given(OrderDrafted, { orderId, customerId })
      .given(OrderItemAdded, lampsAdded)
      .when(place())
      .refused('order.no-shipping-address');
  });

  it('is not confirmed, shipped or delivered', () => {
    draft().when(move('confirmed')).refused('order.not-pending');
    draft().when(move('shipped')).refused('order.not-confirmed');
    draft().when(move('delivered')).refused('order.not-shipped');
  });
});

describe('an order that is placed', () => {
  it('is not changed or placed any more', () => {
    pending()
      .when((order) => order.addItem(orderId, { productId: 'rug', quantity: 1 }, rug))
      .refused('order.not-draft');
    pending().when(remove('lamp')).refused('order.not-draft');
    pending().when(place()).refused('order.not-draft');
  });

  it('goes through its stages one after the other', () => {
    pending().when(move('confirmed')).then(OrderConfirmed, { orderId, customerId, items });
    confirmed().when(move('shipped')).then(OrderShipped, { orderId });
    shipped().when(move('delivered')).then(OrderDelivered, { orderId });
  });

  it('leaves out no stage and goes none twice', () => {
    pending().when(move('shipped')).refused('order.not-confirmed');
    confirmed().when(move('confirmed')).refused('order.not-pending');
    confirmed().when(move('delivered')).refused('order.not-shipped');
    delivered().when(move('delivered')).refused('order.not-shipped');
    cancelled().when(move('confirmed')).refused('order.not-pending');
  });
});

describe('a cancellation', () => {
  it('says how far the order had come and what was in it', () => {
    const facts = { orderId, customerId, reason: 'changed my mind', items };
    draft()
      .when(cancel())
      .then(OrderCancelled, { ...facts, from: 'draft' });
    pending()
      .when(cancel())
      .then(OrderCancelled, { ...facts, from: 'pending' });
    confirmed()
      .when(cancel())
      .then(OrderCancelled, { ...facts, from: 'confirmed' });
    confirmed()
      .when(move('cancelled'))
      .then(OrderCancelled, { ...facts, reason: 'staff', from: 'confirmed' });
  });

  it('is refused once the order has left the shop, and the second time', () => {
    shipped().when(cancel()).refused('order.already-shipped');
    delivered().when(cancel()).refused('order.already-shipped');
    cancelled().when(cancel()).refused('order.already-cancelled');
  });
});

describe('an order of somebody else', () => {
  it('does not exist for another customer', () => {
    for (const command of [place({ onlyFor: 'bob' }), cancel('bob'), remove('lamp', 'bob')]) {
      expect(() => draft().when(command)).toThrow(expect.toSatisfy(isNotFound) as Error);
    }
    draft()
      .when(place({ onlyFor: customerId }))
      .then(OrderPlaced, placed);
  });
});

describe('an order that was never begun', () => {
  it('is not found', () => {
    specification(Order).when(place()).refused('aggregate.not-found');
  });
});
