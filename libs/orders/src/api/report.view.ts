import { ApiProperty } from '@nestjs/swagger';
import { moneyValue } from '@shop/contracts';
import { MoneyValue } from '@shop/platform';
import type { DayReport } from '../queries/daily-report.query.js';
import type { OrdersByStatus } from '../read-models/orders-summary/orders-summary.read-models.js';

/** How many orders stand at which stage now. */
export class OrdersByStatusView implements OrdersByStatus {
  @ApiProperty({ type: 'integer' })
  pending!: number;

  @ApiProperty({ type: 'integer' })
  confirmed!: number;

  @ApiProperty({ type: 'integer' })
  shipped!: number;

  @ApiProperty({ type: 'integer' })
  delivered!: number;

  @ApiProperty({ type: 'integer' })
  cancelled!: number;
}

/** Somebody who ordered much. */
export class TopCustomerView {
  @ApiProperty()
  customerId!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: 'integer' })
  orderCount!: number;

  @ApiProperty({ type: () => MoneyValue })
  totalSpent!: MoneyValue;
}

/** Something that sold well. */
export class TopProductView {
  @ApiProperty()
  productId!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: 'integer' })
  unitsSold!: number;

  @ApiProperty({ type: () => MoneyValue })
  revenue!: MoneyValue;
}

/** The orders that were placed on one day (UTC). Cancelled ones count in `byStatus` only. */
export class DailyReportView {
  @ApiProperty({ type: 'string', format: 'date' })
  date!: string;

  @ApiProperty({ type: 'integer' })
  orderCount!: number;

  @ApiProperty({ type: () => MoneyValue })
  totalRevenue!: MoneyValue;

  @ApiProperty({ type: () => MoneyValue })
  avgOrderValue!: MoneyValue;

  @ApiProperty({ type: () => OrdersByStatusView })
  byStatus!: OrdersByStatusView;

  @ApiProperty({ type: () => [TopCustomerView] })
  topCustomers!: readonly TopCustomerView[];

  @ApiProperty({ type: () => [TopProductView] })
  topProducts!: readonly TopProductView[];
}

const nothing: MoneyValue = { amount: '0.00', currency: 'USD' };
const noOrders: OrdersByStatusView = { pending: 0, confirmed: 0, shipped: 0, delivered: 0, cancelled: 0 };

/** A day's report as the API shows it; a day without orders is a report of noughts. */
export function dailyReportView({ date, summary, topCustomers, topProducts }: DayReport): DailyReportView {
  const currency = summary?.currency ?? 'USD';
  const metrics = summary?.metrics;
  return {
    date,
    orderCount: metrics?.orderCount ?? 0,
    totalRevenue: metrics ? moneyValue(metrics.totalRevenue, currency) : nothing,
    avgOrderValue: metrics ? moneyValue(metrics.avgOrderValue, currency) : nothing,
    byStatus: metrics?.byStatus ?? noOrders,
    topCustomers: topCustomers.map((top) => ({ ...top, totalSpent: moneyValue(top.totalSpent, currency) })),
    topProducts: topProducts.map((top) => ({ ...top, revenue: moneyValue(top.revenue, currency) })),
  };
}
