import { Decimal, Query } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { Find, ReadModel, Where } from '@nestfold/projections';
import type { OrderStatus } from '@shop/contracts';
import { pageOf, rangeOf, type Page, type PageQuery } from '@shop/platform';
import { OrderRead } from '../read-models/orders-read/order-read.read-model.js';

/** The orders in which orders can be listed: by time or amount, `-` for the greatest first. */
export const ORDER_SORTS = ['createdAt', '-createdAt', 'total', '-total'] as const;

/** One of the orders in which orders can be listed. */
export type OrderSort = (typeof ORDER_SORTS)[number];

/** Orders by what they must be. Checked where it is made, at the border. */
export class SearchOrders extends Query<Page<OrderRead>> {
  /** Words of the customer's name or address, or of the products; without `sort` the best match comes first. */
  text?: string | undefined;
  customerId?: string | undefined;
  status?: OrderStatus | undefined;
  minTotal?: string | undefined;
  maxTotal?: string | undefined;
  /** The moments between which it was begun, both included. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** Without words and without it: the latest first. */
  sort?: OrderSort | undefined;
  page?: PageQuery | undefined;
}

// `_id` last, as in the indexes: pages must not overlap where many orders are equal.
const SORTS: Readonly<Record<OrderSort, NonNullable<Find<OrderRead>['sort']>>> = {
  createdAt: { createdAt: 1, _id: -1 },
  '-createdAt': { createdAt: -1, _id: 1 },
  total: { total: 1, _id: 1 },
  '-total': { total: -1, _id: -1 },
};

/** Looks into the orders that are shown. */
@QueryHandler(SearchOrders)
export class SearchOrdersHandler {
  constructor(@InjectReadModel(OrderRead) private readonly orders: ReadModel<OrderRead>) {}

  async execute(query: SearchOrders): Promise<Page<OrderRead>> {
    const range = rangeOf(query.page ?? {});
    const wanted = { where: conditionOf(query), ...(query.text !== undefined && { text: query.text }) };
    const sort = query.sort ?? (query.text === undefined ? '-createdAt' : undefined);
    const [items, total] = await Promise.all([
      this.orders.find({ ...wanted, ...range, ...(sort !== undefined && { sort: SORTS[sort] }) }),
      this.orders.count(wanted),
    ]);
    return pageOf(items, total, range);
  }
}

function conditionOf({ customerId, status, minTotal, maxTotal, from, to }: SearchOrders): Where<OrderRead> {
  const total = {
    ...(minTotal !== undefined && { gte: Decimal.of(minTotal) }),
    ...(maxTotal !== undefined && { lte: Decimal.of(maxTotal) }),
  };
  const createdAt = { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lte: to }) };
  return {
    ...(customerId !== undefined && { 'customer.customerId': customerId }),
    ...(status !== undefined && { status }),
    ...(Object.keys(total).length > 0 && { total }),
    ...(Object.keys(createdAt).length > 0 && { createdAt }),
  };
}
