import { DomainEvent } from '@nestfold/core';

/** A customer said how good a product is; `previous` is what the same customer had said before. */
@DomainEvent('product.rated')
export class ProductRated {
  productId!: string;
  customerId!: string;
  /** 1 to 5. */
  rating!: number;
  previous?: number;
}
