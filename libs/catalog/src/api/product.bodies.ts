import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { IsText, Optional } from '@shop/contracts';
import { MoneyValue } from '@shop/platform';
import { Type } from 'class-transformer';
import { Equals, IsDefined, IsInt, Max, Min, ValidateNested } from 'class-validator';
import { ProductDetailsInput } from './product-schemas.js';

/** A product to be put up for sale. */
export class ListProductBody extends ProductDetailsInput {
  @ApiProperty({ maxLength: 64, example: 'SN-WH-100', description: "The seller's own number of it." })
  @IsText({ max: 64 })
  sku!: string;

  @ApiProperty({ type: () => MoneyValue })
  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyValue)
  price!: MoneyValue;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 1_000_000 })
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  stockLevel!: number;
}

/** What of a product is to change; what is left out stays. */
export class ChangeProductBody extends PartialType(OmitType(ListProductBody, ['sku']), { skipNullProperties: false }) {
  @ApiPropertyOptional({ type: 'boolean', enum: [true], description: 'Takes the product off sale, for good.' })
  @Optional()
  @Equals(true)
  discontinued?: true;
}

/** Pieces that come or go. */
export class AdjustStockBody {
  @ApiProperty({
    type: 'integer',
    minimum: -1_000_000,
    maximum: 1_000_000,
    description: 'Negative for pieces that go.',
  })
  @IsInt()
  @Min(-1_000_000)
  @Max(1_000_000)
  change!: number;
}

/** How good a product is. */
export class RateProductBody {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 })
  @IsInt()
  @Min(1)
  @Max(5)
  rating!: number;
}
