import type { Decimal } from '@nestfold/core';
import { ReadModelDocument } from '@nestfold/projections';
import type { Currency, OrderStatus } from '@shop/contracts';

/** How many orders of a day stand at which stage now. */
export type OrdersByStatus = Readonly<Record<Exclude<OrderStatus, 'draft'>, number>>;

/** The orders that were placed on one day (UTC). Cancelled ones count in `byStatus` only. */
@ReadModelDocument('orders_summary', { indexes: [{ name: 'summary_date', keys: { date: -1 } }] })
export class OrdersSummary {
  /** The day, as `2026-01-31`. */
  _id!: string;
  /** The day's beginning. */
  date!: Date;
  metrics!: {
    readonly orderCount: number;
    readonly totalRevenue: Decimal;
    readonly avgOrderValue: Decimal;
    readonly byStatus: OrdersByStatus;
  };
  currency!: Currency;
  updatedAt!: Date;
}

/** What one customer ordered on one day. */
@ReadModelDocument('orders_summary_customers', {
  indexes: [{ name: 'summary_top_customers', keys: { day: 1, totalSpent: -1, _id: 1 } }],
})
export class DayCustomer {
  /** `<day>/<customer>`. */
  _id!: string;
  day!: string;
  customerId!: string;
  orderCount!: number;
  totalSpent!: Decimal;
}

/** How one product sold on one day. */
@ReadModelDocument('orders_summary_products', {
  indexes: [{ name: 'summary_top_products', keys: { day: 1, revenue: -1, _id: 1 } }],
})
export class DayProduct {
  /** `<day>/<product>`. */
  _id!: string;
  day!: string;
  productId!: string;
  unitsSold!: number;
  revenue!: Decimal;
}

/** The day of an order and what it came to, for the facts that follow. */
@ReadModelDocument('orders_summary_orders')
export class SummarisedOrder {
  _id!: string;
  day!: string;
  customerId!: string;
  total!: Decimal;
  currency!: Currency;
}
