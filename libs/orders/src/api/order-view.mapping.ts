import { moneyValue } from '@shop/contracts';
import type { Page } from '@shop/platform';
import type { OrderRead } from '../read-models/orders-read/order-read.read-model.js';
import type { OrderPageView, OrderView } from './order.views.js';

/** An order's document as the API shows it. */
export function orderView(order: OrderRead): OrderView {
  const { currency } = order;
  return {
    id: order._id,
    version: order.lastSyncedFrom.writeModelVersion,
    status: order.status,
    customer: order.customer,
    items: order.items.map(({ productId, product, quantity, unitPrice, subtotal }) => ({
      productId,
      product,
      quantity,
      unitPrice: moneyValue(unitPrice, currency),
      subtotal: moneyValue(subtotal, currency),
    })),
    subtotal: moneyValue(order.subtotal, currency),
    tax: moneyValue(order.tax, currency),
    shipping: moneyValue(order.shipping, currency),
    total: moneyValue(order.total, currency),
    statusHistory: order.statusHistory,
    shippingAddress: order.shippingAddress,
    billingAddress: order.billingAddress,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    lastSyncedFrom: order.lastSyncedFrom,
  };
}

/** A page of documents as the API shows it. */
export function orderPage({ items, ...page }: Page<OrderRead>): OrderPageView {
  return { items: items.map(orderView), ...page };
}
