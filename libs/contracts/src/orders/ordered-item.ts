import type { Money } from '../money/money.js';

/** One product in an order. Plain data: it stands in events as it is. */
export interface OrderedItem {
  readonly productId: string;
  readonly quantity: number;
  /** The price when it was added. */
  readonly unitPrice: Money;
  readonly subtotal: Money;
}

/** What an order costs. */
export interface OrderTotals {
  readonly subtotal: Money;
  readonly tax: Money;
  readonly shipping: Money;
  readonly total: Money;
}
