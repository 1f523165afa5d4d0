import { Command } from '@nestfold/core';
import { IsId } from '@shop/contracts';
import { IsInt, Max, Min } from 'class-validator';

/** Say how good a product is; saying it again replaces what was said. */
export class RateProduct extends Command {
  @IsId()
  productId!: string;

  @IsId()
  customerId!: string;

  @IsInt()
  @Min(1)
  @Max(5)
  rating!: number;
}
