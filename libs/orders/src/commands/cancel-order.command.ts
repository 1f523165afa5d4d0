import { IsText } from '@shop/contracts';
import { OrderCommand } from './order.command.js';

/** Give an order up, as long as it has not left the shop. */
export class CancelOrder extends OrderCommand {
  @IsText({ max: 500, min: 0, lines: true })
  reason!: string;
}
