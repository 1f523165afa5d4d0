import { Query, type Decimal } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
import { Matches } from 'class-validator';
import { CustomerCard, ProductCard } from '../read-models/orders-read/cards.read-model.js';
import { DayCustomer, DayProduct, OrdersSummary } from '../read-models/orders-summary/orders-summary.read-models.js';

const TOP = 5;

/** Somebody who ordered much. */
export interface TopCustomer {
  readonly customerId: string;
  readonly name: string;
  readonly orderCount: number;
  readonly totalSpent: Decimal;
}

/** Something that sold well. */
export interface TopProduct {
  readonly productId: string;
  readonly name: string;
  readonly unitsSold: number;
  readonly revenue: Decimal;
}

/** The orders that were placed on one day, and who and what stood out. `summary` is missing where there were none. */
export interface DayReport {
  readonly date: string;
  readonly summary: OrdersSummary | undefined;
  readonly topCustomers: readonly TopCustomer[];
  readonly topProducts: readonly TopProduct[];
}

/** The orders that were placed on one day (UTC). */
export class DailyReport extends Query<DayReport> {
  /** `2026-01-31`. */
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  date!: string;
}

/** Joins the day's summary with its top customers and products, and these with their names as they are now. */
@QueryHandler(DailyReport)
export class DailyReportHandler {
  constructor(
    @InjectReadModel(OrdersSummary) private readonly summaries: ReadModel<OrdersSummary>,
    @InjectReadModel(DayCustomer) private readonly dayCustomers: ReadModel<DayCustomer>,
    @InjectReadModel(DayProduct) private readonly dayProducts: ReadModel<DayProduct>,
    @InjectReadModel(CustomerCard) private readonly customers: ReadModel<CustomerCard>,
    @InjectReadModel(ProductCard) private readonly products: ReadModel<ProductCard>,
  ) {}

  async execute({ date }: DailyReport): Promise<DayReport> {
    const [summary, topCustomers, topProducts] = await Promise.all([
      this.summaries.findById(date),
      this.topCustomers(date),
      this.topProducts(date),
    ]);
    return { date, summary, topCustomers, topProducts };
  }

  private async topCustomers(day: string): Promise<readonly TopCustomer[]> {
    const where = { day, orderCount: { gt: 0 } };
    const top = await this.dayCustomers.find({ where, sort: { totalSpent: -1, _id: 1 }, limit: TOP });
    const names = await namesOf(
      this.customers,
      top.map(({ customerId }) => customerId),
    );
    return top.map(({ customerId, orderCount, totalSpent }) => ({
      customerId,
      name: names.get(customerId) ?? '',
      orderCount,
      totalSpent,
    }));
  }

  private async topProducts(day: string): Promise<readonly TopProduct[]> {
    const where = { day, unitsSold: { gt: 0 } };
    const top = await this.dayProducts.find({ where, sort: { revenue: -1, _id: 1 }, limit: TOP });
    const names = await namesOf(
      this.products,
      top.map(({ productId }) => productId),
    );
    return top.map(({ productId, unitsSold, revenue }) => ({
      productId,
      name: names.get(productId) ?? '',
      unitsSold,
      revenue,
    }));
  }
}

async function namesOf(
  cards: Pick<ReadModel<CustomerCard> | ReadModel<ProductCard>, 'find'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await cards.find({ where: { _id: { in: ids } } });
  return new Map(found.map(({ _id, name }) => [_id, name]));
}
