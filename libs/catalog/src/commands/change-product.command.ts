import { Command } from '@nestfold/core';
import { IsId, IsPrice, Optional, type Money } from '@shop/contracts';
import { Type } from 'class-transformer';
import { Equals, IsInt, Max, Min, ValidateNested } from 'class-validator';
import { ProductDetailsChanges } from './product-details.input.js';

/** Describe a product otherwise, reprice it, count its stock, take it off sale: in one decision. */
export class ChangeProduct extends Command {
  @IsId()
  productId!: string;

  @Optional()
  @ValidateNested()
  @Type(() => ProductDetailsChanges)
  details?: ProductDetailsChanges | undefined;

  @Optional()
  @IsPrice()
  price?: Money | undefined;

  @Optional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  stockLevel?: number | undefined;

  @Optional()
  @Equals(true)
  discontinued?: true | undefined;
}
