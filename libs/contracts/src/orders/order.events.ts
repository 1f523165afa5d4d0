import { DomainEvent } from '@nestfold/core';
import type { OrderedItem } from './ordered-item.js';
import type { OrderStatus } from './order-status.js';

/** The shop takes an order on: what it sells is sold. */
@DomainEvent('order.confirmed')
export class OrderConfirmed {
  orderId!: string;
  customerId!: string;
  items!: readonly OrderedItem[];
}

/** An order is given up. */
@DomainEvent('order.cancelled')
export class OrderCancelled {
  orderId!: string;
  customerId!: string;
  reason!: string;
  /** The stage that it had reached. */
  from!: OrderStatus;
  items!: readonly OrderedItem[];
}

/** The facts about orders that other contexts may follow. */
export const sharedOrderEvents = [OrderConfirmed, OrderCancelled] as const;
