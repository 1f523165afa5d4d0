import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsText, Optional } from '@shop/contracts';
import { PageQuery, QueryAmount, QueryFlag, QueryInteger } from '@shop/platform';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsIn, Matches } from 'class-validator';
import { PRODUCT_ORDERS, type ProductOrder, type WantedFeature } from '../queries/search-products.query.js';

const FEATURE = /^(?!(?:constructor|prototype):)[A-Za-z][A-Za-z0-9_]{0,39}:[^\p{Cc}\p{Surrogate}]{1,100}$/u;

/** Which products to show. */
export class ProductSearchQuery extends PageQuery {
  @ApiPropertyOptional({ maxLength: 200, description: 'Words to look for.' })
  @Optional()
  @IsText({ max: 200 })
  text?: string;

  @ApiPropertyOptional({ maxLength: 200, description: 'How the category begins.', example: 'Electronics > Audio' })
  @Optional()
  @IsText({ max: 200 })
  category?: string;

  @ApiPropertyOptional({ maxLength: 100 })
  @Optional()
  @IsText({ max: 100 })
  brand?: string;

  @ApiPropertyOptional({ type: 'string', example: '10.00' })
  @QueryAmount()
  minPrice?: string;

  @ApiPropertyOptional({ type: 'string', example: '99.99' })
  @QueryAmount()
  maxPrice?: string;

  @ApiPropertyOptional({ type: 'boolean' })
  @QueryFlag()
  inStock?: boolean;

  @ApiPropertyOptional({
    type: [String],
    description: 'A feature and its value, may be repeated: all must fit.',
    example: ['color:Black'],
  })
  @Optional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? [value] : value))
  @ArrayMaxSize(10)
  @Matches(FEATURE, { each: true, message: 'each feature must be a name and a value such as color:Black' })
  feature?: string[];

  @ApiPropertyOptional({ enum: PRODUCT_ORDERS })
  @Optional()
  @IsIn(PRODUCT_ORDERS)
  sort?: ProductOrder;
}

/** How many products to show. */
export class TrendingQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 50, default: 10 })
  @QueryInteger({ min: 1, max: 50 })
  limit?: number;
}

/** `color:Black` as a name and a value. */
export function wantedFeature(text: string): WantedFeature {
  const colon = text.indexOf(':');
  return { name: text.slice(0, colon), value: text.slice(colon + 1) };
}
