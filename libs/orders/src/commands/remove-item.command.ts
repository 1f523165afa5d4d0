import { IsId } from '@shop/contracts';
import { OrderCommand } from './order.command.js';

/** Take a product out of a draft. */
export class RemoveItem extends OrderCommand {
  @IsId()
  productId!: string;
}
