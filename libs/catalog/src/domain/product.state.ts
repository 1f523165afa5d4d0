import type { Money, ProductDetails } from '@shop/contracts';

/** What decisions about a product need to know. */
export class ProductState {
  status: 'unknown' | 'active' | 'discontinued' = 'unknown';
  details: ProductDetails | undefined;
  price: Money | undefined;
  stockLevel = 0;
}
