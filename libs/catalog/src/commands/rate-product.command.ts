import { Command } from '@nestfold/core';
import { IsId, IsText } from '@shop/contracts';
import { IsInt, Max, Min } from 'class-validator';

/** Say how good a product is; saying it again replaces what was said. */
export class RateProduct extends Command {
  /** `reviewIdOf` the product and the customer. */
  @IsText({ max: 300 })
  reviewId!: string;

  @IsId()
  productId!: string;

  @IsId()
  customerId!: string;

  @IsInt()
  @Min(1)
  @Max(5)
  rating!: number;
}

/** The id of what one customer thinks of one product. */
export function reviewIdOf(productId: string, customerId: string): string {
  return `${productId}/${customerId}`;
}
