import { Command } from '@nestfold/core';
import { IsId } from '@shop/contracts';
import { IsInt, Max, Min } from 'class-validator';

/** Let pieces of a product come or go. */
export class AdjustStock extends Command {
  @IsId()
  productId!: string;

  /** Pieces that come; negative for those that go. */
  @IsInt()
  @Min(-1_000_000)
  @Max(1_000_000)
  change!: number;
}
