import { Command, Repository, type CommandReceipt } from '@nestfold/core';
import { CommandHandler, InjectRepository } from '@nestfold/nestjs';
import { Address, IsId, Optional } from '@shop/contracts';
import { newId } from '@shop/platform';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, ValidateNested } from 'class-validator';
import { ORDER_LIMITS } from '../domain/order-limits.js';
import { Order } from '../domain/order.aggregate.js';
import { Customers } from '../ports/customers.port.js';
import { Prices } from '../ports/prices.port.js';
import { OrderLine } from './order-line.js';

/** Begin an order, with or without items. Addresses that are left out are the customer's own. */
export class DraftOrder extends Command {
  @IsId()
  customerId!: string;

  @IsArray()
  @ArrayMaxSize(ORDER_LIMITS.items)
  @ValidateNested({ each: true })
  @Type(() => OrderLine)
  items!: readonly OrderLine[];

  @Optional()
  @ValidateNested()
  @Type(() => Address)
  shippingAddress?: Address | undefined;

  @Optional()
  @ValidateNested()
  @Type(() => Address)
  billingAddress?: Address | undefined;
}

/**
 * Makes the order's id, the same at each repetition. Asks for prices and for the customer first, since a decision is pure;
 * what is unknown the order refuses.
 */
@CommandHandler(DraftOrder)
export class DraftOrderHandler {
  constructor(
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    private readonly prices: Prices,
    private readonly customers: Customers,
  ) {}

  async execute(command: DraftOrder): Promise<CommandReceipt> {
    const orderId = newId('order');
    const { customerId, items } = command;
    const [quotes, customer] = await Promise.all([
      this.prices.quote(items.map(({ productId }) => productId)),
      this.customers.find(customerId),
    ]);
    return this.orders.create(orderId, (order) => {
      order.draft(orderId, customer, command);
      for (const item of items) order.addItem(orderId, item, quotes.get(item.productId));
    });
  }
}
