import { DomainEvent } from '@nestfold/core';
import type { Address, OrderedItem, OrderTotals } from '@shop/contracts';

/** A customer has begun an order. */
@DomainEvent('order.drafted')
export class OrderDrafted {
  orderId!: string;
  customerId!: string;
  /** Where it is to be sent, as far as that is known. */
  shippingAddress?: Address;
  billingAddress?: Address;
}

/** A product is in the order now, in this quantity: it was not before, or in another one. */
@DomainEvent('order.item-added')
export class OrderItemAdded {
  orderId!: string;
  item!: OrderedItem;
  /** What the order costs now. */
  totals!: OrderTotals;
}

/** A product is out of the order. */
@DomainEvent('order.item-removed')
export class OrderItemRemoved {
  orderId!: string;
  productId!: string;
  totals!: OrderTotals;
}

/** The customer wants what is in the order. */
@DomainEvent('order.placed')
export class OrderPlaced {
  orderId!: string;
  customerId!: string;
  items!: readonly OrderedItem[];
  totals!: OrderTotals;
  shippingAddress!: Address;
  billingAddress!: Address;
}

/** The order has left the shop. */
@DomainEvent('order.shipped')
export class OrderShipped {
  orderId!: string;
}

/** The order has reached the customer. */
@DomainEvent('order.delivered')
export class OrderDelivered {
  orderId!: string;
}
