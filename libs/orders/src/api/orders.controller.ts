import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  Param,
  Post,
  PreconditionFailedException,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestfold/core';
import { ApiTags } from '@nestjs/swagger';
import {
  accepted,
  ApiCommand,
  ApiRead,
  Caller,
  Forbidden,
  IdParams,
  isAdmin,
  ownCustomer,
  Roles,
  versioned,
  type Principal,
  type ReceiptView,
} from '@shop/platform';
import type { Response } from 'express';
import { AddItem } from '../commands/add-item.command.js';
import { CancelOrder } from '../commands/cancel-order.command.js';
import { ChangeOrderStatus } from '../commands/change-order-status.command.js';
import { DraftOrder } from '../commands/draft-order.command.js';
import { PlaceOrder } from '../commands/place-order.command.js';
import { RemoveItem } from '../commands/remove-item.command.js';
import { FindOrder } from '../queries/find-order.query.js';
import { SearchOrders } from '../queries/search-orders.query.js';
import { CancelOrderBody, DraftOrderBody, OrderLineBody, OrderStatusBody, PlaceOrderBody } from './order.bodies.js';
import { OrderItemParams, OrderSearchQuery } from './order.queries.js';
import { orderPage, orderView } from './order-view.mapping.js';
import { OrderPageView, OrderView } from './order.views.js';

/** Orders: each customer's own, and all of them to the shop's staff. */
@ApiTags('orders')
@Roles('admin', 'customer')
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiCommand({ summary: 'Begin an order', operationId: 'draftOrder', creates: true })
  async draft(
    @Body() { customerId, items = [], shippingAddress, billingAddress }: DraftOrderBody,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReceiptView> {
    const forWhom = customerId ?? caller.customerId;
    if (!isAdmin(caller) && forWhom !== caller.customerId)
      throw new Forbidden("Only the shop's staff orders for others.");
    const command = DraftOrder.of({ customerId: forWhom, items, shippingAddress, billingAddress });
    return accepted(response, await this.commands.execute(command), (id) => `/orders/${id}`);
  }

  @Get()
  @ApiRead({ summary: 'Search orders', operationId: 'searchOrders', type: OrderPageView })
  async search(@Query() query: OrderSearchQuery, @Caller() caller: Principal): Promise<OrderPageView> {
    const { text, status, minTotal, maxTotal, from, to, sort } = query;
    const customerId = ownCustomer(caller);
    const search = { text, customerId, status, minTotal, maxTotal, from, to, sort, page: query };
    return orderPage(await this.queries.execute(SearchOrders.of(search)));
  }

  @Get(':id')
  @ApiRead({ summary: 'One order', operationId: 'findOrder', type: OrderView, one: true })
  async find(
    @Param() { id: orderId }: IdParams,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OrderView> {
    const query = FindOrder.of({ orderId, onlyFor: ownCustomer(caller) });
    return versioned(response, orderView(await this.queries.execute(query)));
  }

  @Post(':id/items')
  @ApiCommand({ summary: 'Put pieces of a product into a draft', operationId: 'addItem' })
  async addItem(
    @Param() { id: orderId }: IdParams,
    @Body() { productId, quantity }: OrderLineBody,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReceiptView> {
    const command = AddItem.of({ orderId, onlyFor: ownCustomer(caller), productId, quantity });
    return accepted(response, await this.commands.execute(command));
  }

  @Delete(':id/items/:productId')
  @ApiCommand({ summary: 'Take a product out of a draft', operationId: 'removeItem' })
  async removeItem(
    @Param() { id: orderId, productId }: OrderItemParams,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReceiptView> {
    const command = RemoveItem.of({ orderId, onlyFor: ownCustomer(caller), productId });
    return accepted(response, await this.commands.execute(command));
  }

  @Post(':id/place')
  @ApiCommand({ summary: 'Order what is in a draft', operationId: 'placeOrder' })
  async place(
    @Param() { id: orderId }: IdParams,
    @Body() { shippingAddress, billingAddress }: PlaceOrderBody,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReceiptView> {
    const command = PlaceOrder.of({ orderId, onlyFor: ownCustomer(caller), shippingAddress, billingAddress });
    return accepted(response, await this.commands.execute(command));
  }

  @Post(':id/cancel')
  @ApiCommand({ summary: 'Give an order up, as long as it is not shipped', operationId: 'cancelOrder' })
  async cancel(
    @Param() { id: orderId }: IdParams,
    @Body() { reason = '' }: CancelOrderBody,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReceiptView> {
    const command = CancelOrder.of({ orderId, onlyFor: ownCustomer(caller), reason });
    return accepted(response, await this.commands.execute(command));
  }

  @Put(':id/status')
  @Roles('admin')
  @ApiCommand({ summary: 'Move an order to its next stage', operationId: 'changeOrderStatus' })
  async changeStatus(
    @Param() { id: orderId }: IdParams,
    @Body() { status, version, reason = '' }: OrderStatusBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReceiptView> {
    // Of two versions one is wrong for sure, and only one could be checked against the order.
    if (ifMatch !== undefined && ifMatch.replaceAll('"', '').trim() !== String(version)) {
      throw new PreconditionFailedException('If-Match and version name different versions.');
    }
    const command = ChangeOrderStatus.of({ orderId, status, reason });
    return accepted(response, await this.commands.execute(command, { expectedVersion: version }));
  }
}
