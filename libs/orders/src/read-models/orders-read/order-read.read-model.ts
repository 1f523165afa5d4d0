import type { Decimal } from '@nestfold/core';
import { ReadModelDocument } from '@nestfold/projections';
import type { Address, Currency, OrderStatus, VipStatus } from '@shop/contracts';

/** The customer of an order, as they are now. */
export interface OrderCustomer {
  readonly customerId: string;
  readonly name: string;
  readonly email: string;
  readonly phone?: string | undefined;
  readonly vipStatus: VipStatus;
}

/** The product of an item, as it was when it was put into the order. */
export interface OrderProduct {
  readonly name: string;
  readonly sku: string;
  readonly imageUrl?: string | undefined;
  readonly category: string;
  readonly brand: string;
}

/** One product in an order. */
export interface OrderItem {
  readonly productId: string;
  readonly product: OrderProduct;
  readonly quantity: number;
  readonly unitPrice: Decimal;
  readonly subtotal: Decimal;
}

/** When an order reached a stage. */
export interface StatusEntry {
  readonly status: OrderStatus;
  readonly timestamp: Date;
}

/** An order as it is shown and searched: everything about it in one document. */
@ReadModelDocument('orders_read', {
  indexes: [
    // `_id` ends what pages are sorted by: of equal documents each stands on one page only.
    { name: 'orders_customer_created', keys: { 'customer.customerId': 1, createdAt: -1, _id: 1 } },
    { name: 'orders_customer_email', keys: { 'customer.email': 1 } },
    { name: 'orders_status_created', keys: { status: 1, createdAt: -1, _id: 1 } },
    { name: 'orders_created', keys: { createdAt: -1, _id: 1 } },
    { name: 'orders_total', keys: { total: 1, _id: 1 } },
    {
      // The customer's fields are searched where they stand, so that a new name needs no new search text.
      name: 'orders_text',
      keys: { searchText: 'text', 'customer.name': 'text', 'customer.email': 'text' },
    },
  ],
})
export class OrderRead {
  _id!: string;
  orderId!: string;
  customer!: OrderCustomer;
  items!: readonly OrderItem[];
  subtotal!: Decimal;
  tax!: Decimal;
  shipping!: Decimal;
  total!: Decimal;
  currency!: Currency;
  status!: OrderStatus;
  statusHistory!: readonly StatusEntry[];
  shippingAddress?: Address | undefined;
  billingAddress?: Address | undefined;
  createdAt!: Date;
  updatedAt!: Date;
  /** What of the write side this document shows. */
  lastSyncedFrom!: { readonly writeModelVersion: number; readonly syncedAt: Date };
  /** The items by name, number and brand, in small letters. */
  searchText!: string;
}
