import { NotFound, Query, QueryBus } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
import type { OrderStatus } from '@shop/contracts';
import type { Page, PageQuery } from '@shop/platform';
import { CustomerCard } from '../read-models/orders-read/cards.read-model.js';
import type { OrderRead } from '../read-models/orders-read/order-read.read-model.js';
import { SearchOrders, type OrderSort } from './search-orders.query.js';

/** The orders of one customer. Throws `NotFound` for a customer whom nobody knows. Checked where it is made, at the border. */
export class FindCustomerOrders extends Query<Page<OrderRead>> {
  customerId!: string;
  status?: OrderStatus | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  sort?: OrderSort | undefined;
  page?: PageQuery | undefined;
}

/** Looks first whether there is such a customer: a page without orders would not tell. */
@QueryHandler(FindCustomerOrders)
export class FindCustomerOrdersHandler {
  constructor(
    @InjectReadModel(CustomerCard) private readonly customers: ReadModel<CustomerCard>,
    private readonly queries: QueryBus,
  ) {}

  async execute(query: FindCustomerOrders): Promise<Page<OrderRead>> {
    const search = SearchOrders.of({ ...query, text: undefined, minTotal: undefined, maxTotal: undefined });
    const [customer, orders] = await Promise.all([
      this.customers.findById(query.customerId),
      this.queries.execute(search),
    ]);
    if (customer === undefined) throw new NotFound('customer', query.customerId);
    return orders;
  }
}
