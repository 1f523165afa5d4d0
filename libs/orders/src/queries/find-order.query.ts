import { NotFound, Query } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
import { IsId, Optional } from '@shop/contracts';
import { OrderRead } from '../read-models/orders-read/order-read.read-model.js';

/** One order. Throws `NotFound`, also for an order of somebody else where `onlyFor` names a customer. */
export class FindOrder extends Query<OrderRead> {
  @IsId()
  orderId!: string;

  @Optional()
  @IsId()
  onlyFor?: string | undefined;
}

/** Looks into the orders that are shown. */
@QueryHandler(FindOrder)
export class FindOrderHandler {
  constructor(@InjectReadModel(OrderRead) private readonly orders: ReadModel<OrderRead>) {}

  async execute({ orderId, onlyFor }: FindOrder): Promise<OrderRead> {
    const order = await this.orders.findById(orderId);
    const visible = order !== undefined && (onlyFor === undefined || order.customer.customerId === onlyFor);
    if (!visible) throw new NotFound('order', orderId);
    return order;
  }
}
