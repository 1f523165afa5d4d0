import { Command } from '@nestfold/core';
import { IsId, IsPrice, IsText, Optional, type Money } from '@shop/contracts';
import { Type } from 'class-transformer';
import { IsDefined, IsInt, Max, Min, ValidateNested } from 'class-validator';
import { ProductDetailsInput } from './product-details.input.js';

/** Put a product up for sale. */
export class ListProduct extends Command {
  /** Made by the shop where it is left out. */
  @Optional()
  @IsId()
  productId?: string | undefined;

  /** The seller's own number of it. */
  @IsText({ max: 64 })
  sku!: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => ProductDetailsInput)
  details!: ProductDetailsInput;

  @IsPrice()
  price!: Money;

  @IsInt()
  @Min(0)
  @Max(1_000_000)
  stockLevel!: number;
}
