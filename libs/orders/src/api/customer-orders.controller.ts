import { Controller, Get, Param, Query } from '@nestjs/common';
import { NotFound, QueryBus } from '@nestfold/core';
import { ApiTags } from '@nestjs/swagger';
import { ApiRead, Caller, IdParams, isAdmin, Roles, type Principal } from '@shop/platform';
import { FindCustomerOrders } from '../queries/find-customer-orders.query.js';
import { CustomerOrdersQuery } from './order.queries.js';
import { orderPage } from './order-view.mapping.js';
import { OrderPageView } from './order.views.js';

/** A customer's orders: their own, and everybody's to the shop's staff. */
@ApiTags('orders')
@Roles('admin', 'customer')
@Controller('customers/:id/orders')
export class CustomerOrdersController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiRead({ summary: "A customer's orders", operationId: 'findCustomerOrders', type: OrderPageView, one: true })
  async find(
    @Param() { id: customerId }: IdParams,
    @Query() query: CustomerOrdersQuery,
    @Caller() caller: Principal,
  ): Promise<OrderPageView> {
    if (!isAdmin(caller) && caller.customerId !== customerId) throw new NotFound('customer', customerId);
    const { status, from, to, sort } = query;
    const wanted = { customerId, status, from, to, sort, page: query };
    return orderPage(await this.queries.execute(FindCustomerOrders.of(wanted)));
  }
}
