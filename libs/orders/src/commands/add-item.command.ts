import { Repository, type CommandReceipt } from '@nestfold/core';
import { CommandHandler, InjectRepository } from '@nestfold/nestjs';
import { IsId } from '@shop/contracts';
import { IsInt, Max, Min } from 'class-validator';
import { ORDER_LIMITS } from '../domain/order-limits.js';
import { Order } from '../domain/order.aggregate.js';
import { Prices } from '../ports/prices.port.js';
import { OrderCommand } from './order.command.js';

/** Put pieces of a product into a draft, at today's price. */
export class AddItem extends OrderCommand {
  @IsId()
  productId!: string;

  @IsInt()
  @Min(1)
  @Max(ORDER_LIMITS.quantity)
  quantity!: number;
}

/** Asks for the price first, since a decision is pure. */
@CommandHandler(AddItem)
export class AddItemHandler {
  constructor(
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    private readonly prices: Prices,
  ) {}

  async execute(command: AddItem): Promise<CommandReceipt> {
    const { orderId, onlyFor, productId } = command;
    const quotes = await this.prices.quote([productId]);
    return this.orders.update(orderId, (order) => {
      order.requireOwner(onlyFor, orderId);
      order.addItem(orderId, command, quotes.get(productId));
    });
  }
}
