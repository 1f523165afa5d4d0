import { Aggregate, AggregateRoot, Apply, Handle, NotFound } from '@nestfold/core';
import { OrderCancelled, OrderConfirmed } from '@shop/contracts';
import { CancelOrder } from '../commands/cancel-order.command.js';
import { ChangeOrderStatus } from '../commands/change-order-status.command.js';
import { PlaceOrder } from '../commands/place-order.command.js';
import { RemoveItem } from '../commands/remove-item.command.js';
import {
  OrderDelivered,
  OrderDrafted,
  OrderItemAdded,
  OrderItemRemoved,
  OrderPlaced,
  OrderShipped,
} from './order.events.js';
import { withItem, withoutItem } from './order-items.js';
import { ORDER_LIMITS } from './order-limits.js';
import { OrderState } from './order.state.js';
import { totalsOf } from './order-totals.js';
import type { OrderAddresses, OrderingCustomer } from './ordering-customer.js';
import { itemOf, type Quote } from './quote.js';

type Line = { readonly productId: string; readonly quantity: number };

/** An order, from its draft to the customer's door. Every rule that refuses has a name that begins with `order.`. */
@Aggregate('order', {
  state: OrderState,
  events: [
    OrderDrafted,
    OrderItemAdded,
    OrderItemRemoved,
    OrderPlaced,
    OrderConfirmed,
    OrderShipped,
    OrderDelivered,
    OrderCancelled,
  ],
  snapshotEvery: 100,
})
export class Order extends AggregateRoot<OrderState> {
  /** Begins an order. Addresses that are left out are the customer's own. */
  draft(orderId: string, customer: OrderingCustomer | undefined, addresses: OrderAddresses): void {
    this.require(customer !== undefined, 'order.customer-unknown', 'There is no such customer.');
    const shippingAddress = addresses.shippingAddress ?? customer.shippingAddress;
    const billingAddress = addresses.billingAddress ?? customer.billingAddress ?? shippingAddress;
    this.emit(OrderDrafted, {
      orderId,
      customerId: customer.customerId,
      ...(shippingAddress && { shippingAddress }),
      ...(billingAddress && { billingAddress }),
    });
  }

  /** Puts pieces of a product in, at today's price: also those that were in it before. */
  addItem(orderId: string, { productId, quantity }: Line, quote: Quote | undefined): void {
    this.requireDraft();
    this.require(quote !== undefined, 'order.product-unknown', `There is no product '${productId}'.`, { productId });
    this.require(quote.forSale, 'order.product-not-for-sale', `'${productId}' is not for sale any more.`, {
      productId,
    });
    const before = this.state.items.find((item) => item.productId === productId);
    const item = itemOf(quote, (before?.quantity ?? 0) + quantity);
    const { items: most, quantity: mostPieces } = ORDER_LIMITS;
    this.require(
      before !== undefined || this.state.items.length < most,
      'order.too-many-items',
      `An order holds at most ${most} products.`,
    );
    this.require(
      item.quantity <= mostPieces,
      'order.too-many-pieces',
      `An order holds at most ${mostPieces} of a product.`,
      {
        productId,
      },
    );
    this.emit(OrderItemAdded, { orderId, item, totals: totalsOf(withItem(this.state.items, item)) });
  }

  /** Throws `NotFound` when the product is not in the order. */
  @Handle(RemoveItem, { id: 'orderId' })
  removeItem({ orderId, onlyFor, productId }: RemoveItem): void {
    this.requireOwner(onlyFor, orderId);
    this.requireDraft();
    const rest = withoutItem(this.state.items, productId);
    if (rest.length === this.state.items.length) throw new NotFound('item of the order', productId);
    this.emit(OrderItemRemoved, { orderId, productId, totals: totalsOf(rest) });
  }

  @Handle(PlaceOrder, { id: 'orderId' })
  place({ orderId, onlyFor, ...addresses }: PlaceOrder): void {
    this.requireOwner(onlyFor, orderId);
    this.placeFor(orderId, addresses);
  }

  @Handle(CancelOrder, { id: 'orderId' })
  cancel({ orderId, onlyFor, reason }: CancelOrder): void {
    this.requireOwner(onlyFor, orderId);
    this.giveUp(orderId, reason);
  }

  /** Takes the step that leads to a stage; refused unless it is the next one. */
  @Handle(ChangeOrderStatus, { id: 'orderId' })
  changeStatus({ orderId, status, reason }: ChangeOrderStatus): void {
    switch (status) {
      case 'pending':
        return this.placeFor(orderId, {});
      case 'confirmed':
        return this.confirm(orderId);
      case 'shipped':
        return this.ship(orderId);
      case 'delivered':
        return this.deliver(orderId);
      case 'cancelled':
        return this.giveUp(orderId, reason);
    }
  }

  /** Throws `NotFound` for an order of somebody else: to them it does not exist. Everybody's where nobody is named. */
  requireOwner(customerId: string | undefined, orderId: string): void {
    if (customerId !== undefined && this.state.customerId !== customerId) throw new NotFound('order', orderId);
  }

  private placeFor(orderId: string, addresses: OrderAddresses): void {
    this.requireDraft();
    const { items, customerId } = this.state;
    this.require(items.length > 0, 'order.empty', 'There is nothing in the order.');
    const shippingAddress = addresses.shippingAddress ?? this.state.shippingAddress;
    this.require(shippingAddress, 'order.no-shipping-address', 'It is not known where to send the order.');
    const billingAddress = addresses.billingAddress ?? this.state.billingAddress ?? shippingAddress;
    this.emit(OrderPlaced, { orderId, customerId, items, totals: totalsOf(items), shippingAddress, billingAddress });
  }

  private confirm(orderId: string): void {
    this.require(this.state.status === 'pending', 'order.not-pending', 'Only a pending order can be confirmed.');
    const { customerId, items } = this.state;
    this.emit(OrderConfirmed, { orderId, customerId, items });
  }

  private ship(orderId: string): void {
    this.require(this.state.status === 'confirmed', 'order.not-confirmed', 'Only a confirmed order can be shipped.');
    this.emit(OrderShipped, { orderId });
  }

  private deliver(orderId: string): void {
    this.require(this.state.status === 'shipped', 'order.not-shipped', 'Only a shipped order can be delivered.');
    this.emit(OrderDelivered, { orderId });
  }

  private giveUp(orderId: string, reason: string): void {
    const { status, customerId, items } = this.state;
    this.require(status !== 'cancelled', 'order.already-cancelled', 'The order is cancelled already.');
    this.require(
      status === 'draft' || status === 'pending' || status === 'confirmed',
      'order.already-shipped',
      'The order is on its way: it cannot be cancelled any more.',
    );
    this.emit(OrderCancelled, { orderId, customerId, reason, from: status, items });
  }

  private requireDraft(): void {
    this.require(
      this.state.status === 'draft',
      'order.not-draft',
      'The order is placed: it cannot be changed any more.',
    );
  }

  @Apply(OrderDrafted) protected drafted({ customerId, shippingAddress, billingAddress }: OrderDrafted): void {
    Object.assign(this.state, { status: 'draft', customerId, shippingAddress, billingAddress });
  }

  @Apply(OrderItemAdded) protected itemAdded({ item }: OrderItemAdded): void {
    this.state.items = withItem(this.state.items, item);
  }

  @Apply(OrderItemRemoved) protected itemRemoved({ productId }: OrderItemRemoved): void {
    this.state.items = withoutItem(this.state.items, productId);
  }

  @Apply(OrderPlaced) protected placed({ shippingAddress, billingAddress }: OrderPlaced): void {
    Object.assign(this.state, { status: 'pending', shippingAddress, billingAddress });
  }

  @Apply(OrderConfirmed) protected confirmed(): void {
    this.state.status = 'confirmed';
  }

  @Apply(OrderShipped) protected shipped(): void {
    this.state.status = 'shipped';
  }

  @Apply(OrderDelivered) protected delivered(): void {
    this.state.status = 'delivered';
  }

  @Apply(OrderCancelled) protected cancelled(): void {
    this.state.status = 'cancelled';
  }
}
