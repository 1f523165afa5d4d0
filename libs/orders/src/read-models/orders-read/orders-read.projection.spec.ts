import { Decimal, type Data } from '@nestfold/core';
import { projection } from '@nestfold/testing';
import {
  CustomerContactChanged,
  CustomerRegistered,
  CustomerRenamed,
  CustomerVipStatusChanged,
  money,
  OrderConfirmed,
  ProductDescribed,
  ProductDiscontinued,
  ProductListed,
  ProductRepriced,
  type Address,
  type ProductDetails,
} from '@shop/contracts';
import { describe, it } from 'vitest';
import { OrderDrafted, OrderItemAdded, OrderItemRemoved, OrderPlaced } from '../../domain/order.events.js';
import { totalsOf } from '../../domain/order-totals.js';
import { itemOf } from '../../domain/quote.js';
import { CustomerCard, ProductCard } from './cards.read-model.js';
import { OrderRead } from './order-read.read-model.js';
import { OrdersReadProjection } from './orders-read.projection.js';

const orderId = 'o1';
const customerId = 'ada';
const home: Address = { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' };
const details: ProductDetails = {
  name: 'Desk Lamp',
  displayName: 'Desk Lamp',
  description: '',
  brand: 'Lumen',
  category: 'Home > Light',
  images: [
    { url: 'https://x.test/side.jpg', type: 'gallery' },
    { url: 'https://x.test/main.jpg', type: 'main' },
  ],
  features: {},
};
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 10, minute));
const stream = 'order-o1';
const lamps = itemOf({ productId: 'lamp', price: money('20.00'), forSale: true }, 2);
const totals = totalsOf([lamps]);
const product = {
  name: 'Desk Lamp',
  sku: 'L-1',
  imageUrl: 'https://x.test/main.jpg',
  category: 'Home > Light',
  brand: 'Lumen',
};

const withCards = () =>
  projection(OrdersReadProjection)
    .given(CustomerRegistered, {
      customerId,
      name: 'Ada',
      email: 'ada@x.test',
      vipStatus: 'gold',
      shippingAddress: home,
    })
    .given(ProductListed, { productId: 'lamp', sku: 'L-1', details, price: money('20.00'), stockLevel: 5 });
const begun = () =>
  withCards()
    .given(
      OrderDrafted,
      { orderId, customerId, shippingAddress: home, billingAddress: home },
      { stream, occurredAt: at(0) },
    )
    .given(OrderItemAdded, { orderId, item: lamps, totals }, { stream, occurredAt: at(1), recordedAt: at(2) });

const draft: Omit<Data<OrderRead>, '_id'> = {
  orderId,
  customer: { customerId, name: 'Ada', email: 'ada@x.test', vipStatus: 'gold' },
  items: [{ productId: 'lamp', product, quantity: 2, unitPrice: Decimal.of('20.00'), subtotal: Decimal.of('40.00') }],
  subtotal: Decimal.of('40.00'),
  tax: Decimal.of('4.00'),
  shipping: Decimal.of('10.00'),
  total: Decimal.of('54.00'),
  currency: 'USD',
  status: 'draft',
  statusHistory: [{ status: 'draft', timestamp: at(0) }],
  shippingAddress: home,
  billingAddress: home,
  createdAt: at(0),
  updatedAt: at(1),
  lastSyncedFrom: { writeModelVersion: 2, syncedAt: at(2) },
  searchText: 'desk lamp l-1 lumen',
};

describe('the orders that are shown', () => {
  it('hold the customer, the products, the totals and the times of the events', async () => {
    await begun().then(OrderRead, orderId, draft);
  });

  it('follow the order through its stages', async () => {
    const place = { orderId, customerId, items: [lamps], totals, shippingAddress: home, billingAddress: home };
    await begun()
      .given(OrderPlaced, place, { stream, occurredAt: at(3) })
      .given(OrderConfirmed, { orderId, customerId, items: [lamps] }, { stream, occurredAt: at(4) })
      .then(OrderRead, orderId, {
        ...draft,
        status: 'confirmed',
        statusHistory: [
          { status: 'draft', timestamp: at(0) },
          { status: 'pending', timestamp: at(3) },
          { status: 'confirmed', timestamp: at(4) },
        ],
        updatedAt: at(4),
        lastSyncedFrom: { writeModelVersion: 4, syncedAt: at(4) },
      });
  });

  it('lose an item, its price and its words', async () => {
    const none = Decimal.of('0.00');
    await begun()
      .given(OrderItemRemoved, { orderId, productId: 'lamp', totals: totalsOf([]) }, { stream, occurredAt: at(3) })
      .then(OrderRead, orderId, {
        ...draft,
        items: [],
        subtotal: none,
        tax: none,
        shipping: none,
        total: none,
        searchText: '',
        updatedAt: at(3),
        lastSyncedFrom: { writeModelVersion: 3, syncedAt: at(3) },
      });
  });

  it('show a customer as they are now', async () => {
    await begun()
      .given(CustomerRenamed, { customerId, name: 'Ada Lovelace' })
      .given(CustomerContactChanged, { customerId, email: 'ada@y.test', phone: '+1 555 0100' })
      .given(CustomerVipStatusChanged, { customerId, vipStatus: 'platinum' })
      .given(CustomerRenamed, { customerId: 'bob', name: 'Bob' })
      .then(OrderRead, orderId, {
        ...draft,
        customer: {
          customerId,
          name: 'Ada Lovelace',
          email: 'ada@y.test',
          phone: '+1 555 0100',
          vipStatus: 'platinum',
        },
      });
  });

  it('show a product as it was sold, whatever becomes of it', async () => {
    await begun()
      .given(ProductDescribed, { productId: 'lamp', details: { ...details, name: 'Lamp' } })
      .given(ProductRepriced, { productId: 'lamp', price: money('99.00') })
      .given(ProductDiscontinued, { productId: 'lamp' })
      .then(OrderRead, orderId, draft)
      .and(ProductCard, 'lamp', { ...product, name: 'Lamp', price: money('99.00'), forSale: false });
  });

  it('know of an unknown customer the id alone', async () => {
    await projection(OrdersReadProjection)
      .given(OrderDrafted, { orderId, customerId: 'nobody' }, { stream, occurredAt: at(0) })
      .absent(CustomerCard, 'nobody')
      .and(OrderRead, orderId, {
        orderId,
        customer: { customerId: 'nobody', name: '', email: '', vipStatus: 'regular' },
        items: [],
        subtotal: Decimal.of('0.00'),
        tax: Decimal.of('0.00'),
        shipping: Decimal.of('0.00'),
        total: Decimal.of('0.00'),
        currency: 'USD',
        status: 'draft',
        statusHistory: [{ status: 'draft', timestamp: at(0) }],
        createdAt: at(0),
        updatedAt: at(0),
        lastSyncedFrom: { writeModelVersion: 1, syncedAt: at(0) },
        searchText: '',
      });
  });
});
