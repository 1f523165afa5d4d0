import { IsId } from '@shop/contracts';
import { IsInt, Max, Min } from 'class-validator';
import { ORDER_LIMITS } from '../domain/order-limits.js';

/** So many pieces of a product. */
export class OrderLine {
  @IsId()
  productId!: string;

  @IsInt()
  @Min(1)
  @Max(ORDER_LIMITS.quantity)
  quantity!: number;
}
