import type { EventContext } from '@nestfold/core';
import { On, Projection, writes } from '@nestfold/projections';
import {
  CustomerAddressesChanged,
  CustomerContactChanged,
  CustomerRegistered,
  CustomerRenamed,
  CustomerVipStatusChanged,
  OrderCancelled,
  OrderConfirmed,
  ProductDescribed,
  ProductDiscontinued,
  ProductListed,
  ProductRepriced,
  type OrderStatus,
} from '@shop/contracts';
import {
  OrderDelivered,
  OrderDrafted,
  OrderItemAdded,
  OrderItemRemoved,
  OrderPlaced,
  OrderShipped,
} from '../../domain/order.events.js';
import { withItem, withoutItem } from '../../domain/order-items.js';
import { totalsOf } from '../../domain/order-totals.js';
import { CustomerCard, ProductCard } from './cards.read-model.js';
import { amounts, cardDetails, customerPart, itemPart, searchTextOf, stamp } from './order-documents.js';
import { OrderRead, type OrderItem } from './order-read.read-model.js';

const orders = writes(OrderRead);
const customers = writes(CustomerCard);
const products = writes(ProductCard);

/**
 * Feeds the orders that are shown, and the cards of customers and products that they are enriched from. An order shows its
 * customer as they are now, and its products as they were sold.
 */
@Projection('orders-read', { version: 1, readModels: [OrderRead, CustomerCard, ProductCard] })
export class OrdersReadProjection {
  @On(OrderDrafted, { with: { customer: [CustomerCard, (event) => event.customerId] } })
  drafted(event: OrderDrafted, context: EventContext & { readonly customer: CustomerCard | undefined }) {
    const { orderId, customerId, shippingAddress, billingAddress } = event;
    return orders.insert(orderId, {
      orderId,
      customer: customerPart(customerId, context.customer),
      items: [],
      ...amounts(totalsOf([])),
      status: 'draft',
      statusHistory: [{ status: 'draft', timestamp: context.occurredAt }],
      ...(shippingAddress && { shippingAddress }),
      ...(billingAddress && { billingAddress }),
      createdAt: context.occurredAt,
      searchText: '',
      ...stamp(context),
    });
  }

  @On(OrderItemAdded, { with: { product: [ProductCard, (event) => event.item.productId] } })
  itemAdded(event: OrderItemAdded, context: EventContext & { readonly product: ProductCard | undefined }) {
    const item = itemPart(event.item, context.product);
    return this.withItems(event, context, (items) => withItem(items, item));
  }

  @On(OrderItemRemoved)
  itemRemoved(event: OrderItemRemoved, context: EventContext) {
    return this.withItems(event, context, (items) => withoutItem(items, event.productId));
  }

  @On(OrderPlaced)
  placed({ orderId, shippingAddress, billingAddress }: OrderPlaced, context: EventContext) {
    return [orders.patch(orderId, { shippingAddress, billingAddress }), ...this.reached(orderId, 'pending', context)];
  }

  @On(OrderConfirmed)
  confirmed({ orderId }: OrderConfirmed, context: EventContext) {
    return this.reached(orderId, 'confirmed', context);
  }

  @On(OrderShipped)
  shipped({ orderId }: OrderShipped, context: EventContext) {
    return this.reached(orderId, 'shipped', context);
  }

  @On(OrderDelivered)
  delivered({ orderId }: OrderDelivered, context: EventContext) {
    return this.reached(orderId, 'delivered', context);
  }

  @On(OrderCancelled)
  cancelled({ orderId }: OrderCancelled, context: EventContext) {
    return this.reached(orderId, 'cancelled', context);
  }

  @On(CustomerRegistered)
  customerRegistered({ customerId, ...card }: CustomerRegistered) {
    return customers.insert(customerId, card);
  }

  @On(CustomerRenamed)
  customerRenamed({ customerId, name }: CustomerRenamed) {
    return [
      customers.patch(customerId, { name }),
      orders.patchWhere({ 'customer.customerId': customerId }, { 'customer.name': name }),
    ];
  }

  @On(CustomerContactChanged)
  customerContactChanged({ customerId, email, phone }: CustomerContactChanged) {
    return [
      customers.patch(customerId, { email, phone }),
      orders.patchWhere(
        { 'customer.customerId': customerId },
        { 'customer.email': email, ...(phone !== undefined && { 'customer.phone': phone }) },
      ),
    ];
  }

  @On(CustomerVipStatusChanged)
  customerVipStatusChanged({ customerId, vipStatus }: CustomerVipStatusChanged) {
    return [
      customers.patch(customerId, { vipStatus }),
      orders.patchWhere({ 'customer.customerId': customerId }, { 'customer.vipStatus': vipStatus }),
    ];
  }

  @On(CustomerAddressesChanged)
  customerAddressesChanged({ customerId, shippingAddress, billingAddress }: CustomerAddressesChanged) {
    return customers.patch(customerId, { shippingAddress, billingAddress });
  }

  @On(ProductListed)
  productListed({ productId, sku, details, price }: ProductListed) {
    const { imageUrl, ...card } = cardDetails(details);
    return products.insert(productId, {
      ...card,
      ...(imageUrl !== undefined && { imageUrl }),
      sku,
      price,
      forSale: true,
    });
  }

  @On(ProductDescribed)
  productDescribed({ productId, details }: ProductDescribed) {
    return products.patch(productId, cardDetails(details));
  }

  @On(ProductRepriced)
  productRepriced({ productId, price }: ProductRepriced) {
    return products.patch(productId, { price });
  }

  @On(ProductDiscontinued)
  productDiscontinued({ productId }: ProductDiscontinued) {
    return products.patch(productId, { forSale: false });
  }

  private withItems(
    { orderId, totals }: OrderItemAdded | OrderItemRemoved,
    context: EventContext,
    change: (items: readonly OrderItem[]) => readonly OrderItem[],
  ) {
    return orders.reduce(orderId, (order) => {
      if (order === undefined) return undefined;
      const items = change(order.items);
      return { ...order, items, ...amounts(totals), searchText: searchTextOf(items), ...stamp(context) };
    });
  }

  private reached(orderId: string, status: OrderStatus, context: EventContext) {
    return [
      orders.patch(orderId, { status, ...stamp(context) }),
      orders.push(orderId, 'statusHistory', { status, timestamp: context.occurredAt }),
    ];
  }
}
