import { IsText, Optional, type ProductImage } from '@shop/contracts';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsUrl, MaxLength, ValidateNested } from 'class-validator';
import { IsFeatures } from './features.decorator.js';

/** A picture of a product. */
export class ProductImageInput implements ProductImage {
  @MaxLength(2000)
  @IsUrl({ protocols: ['https', 'http'], require_protocol: true, require_tld: false })
  url!: string;

  @IsIn(['main', 'gallery'])
  type!: 'main' | 'gallery';
}

/** What a product is, as a seller states it. */
export class ProductDetailsInput {
  @IsText({ max: 200 })
  name!: string;

  @Optional()
  @IsText({ max: 300 })
  displayName?: string | undefined;

  @IsText({ max: 5000, min: 0, lines: true })
  description!: string;

  @IsText({ max: 100 })
  brand!: string;

  @IsText({ max: 200 })
  category!: string;

  @Optional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => ProductImageInput)
  images?: readonly ProductImageInput[] | undefined;

  @Optional()
  @IsFeatures()
  features?: Record<string, string | string[]> | undefined;
}

/** What of a product's description is to change; what is left out stays. */
export class ProductDetailsChanges {
  @Optional()
  @IsText({ max: 200 })
  name?: string | undefined;

  @Optional()
  @IsText({ max: 300 })
  displayName?: string | undefined;

  @Optional()
  @IsText({ max: 5000, min: 0, lines: true })
  description?: string | undefined;

  @Optional()
  @IsText({ max: 100 })
  brand?: string | undefined;

  @Optional()
  @IsText({ max: 200 })
  category?: string | undefined;

  @Optional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => ProductImageInput)
  images?: readonly ProductImageInput[] | undefined;

  @Optional()
  @IsFeatures()
  features?: Record<string, string | string[]> | undefined;
}
