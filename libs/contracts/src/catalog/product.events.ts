import { DomainEvent } from '@nestfold/core';
import type { Money } from '../money/money.js';
import type { ProductDetails } from './product-details.js';

/** A product is for sale. */
@DomainEvent('product.listed')
export class ProductListed {
  productId!: string;
  sku!: string;
  details!: ProductDetails;
  price!: Money;
  stockLevel!: number;
}

/** A product is described otherwise. */
@DomainEvent('product.described')
export class ProductDescribed {
  productId!: string;
  details!: ProductDetails;
}

/** A product costs something else from now on; orders keep the price at which their items were added. */
@DomainEvent('product.repriced')
export class ProductRepriced {
  productId!: string;
  price!: Money;
}

/** Pieces of a product came or went. */
@DomainEvent('product.stock-adjusted')
export class ProductStockAdjusted {
  productId!: string;
  /** Pieces that came; negative for those that went. */
  change!: number;
  /** Pieces that are there afterwards. */
  stockLevel!: number;
}

/** A product is not for sale any more. */
@DomainEvent('product.discontinued')
export class ProductDiscontinued {
  productId!: string;
}

/** All facts about products that other contexts may follow. */
export const productEvents = [
  ProductListed,
  ProductDescribed,
  ProductRepriced,
  ProductStockAdjusted,
  ProductDiscontinued,
] as const;
