import type { Decimal } from '@nestfold/core';
import { ReadModelDocument } from '@nestfold/projections';
import type { Currency, ProductFeatures, ProductImage } from '@shop/contracts';

/** How a product is received. */
export interface ProductMetrics {
  readonly averageRating: number;
  readonly reviewCount: number;
  /** The sum behind the average. */
  readonly ratingTotal: number;
  /** Confirmed orders with this product. */
  readonly purchaseCount: number;
  /** 0 to 1, reached with 100 purchases. */
  readonly popularityScore: number;
  /** 0 to 1, reached with 50 purchases. */
  readonly trendingScore: number;
}

/** A product as shoppers search and see it. */
@ReadModelDocument('product_catalog', {
  indexes: [
    {
      name: 'catalog_text',
      keys: { name: 'text', searchKeywords: 'text', description: 'text' },
      weights: { name: 10, searchKeywords: 5, description: 1 },
    },
    // `_id` ends what pages are sorted by: of equal documents each stands on one page only.
    { name: 'catalog_category_popularity', keys: { category: 1, 'metrics.popularityScore': -1, _id: 1 } },
    { name: 'catalog_popularity', keys: { 'metrics.popularityScore': -1, _id: 1 } },
    { name: 'catalog_trending', keys: { 'metrics.trendingScore': -1, _id: 1 } },
    { name: 'catalog_rating', keys: { 'metrics.averageRating': -1, _id: 1 } },
    { name: 'catalog_brand', keys: { brand: 1 } },
    { name: 'catalog_price', keys: { price: 1, _id: 1 } },
    { name: 'catalog_in_stock', keys: { inStock: 1 } },
    { name: 'catalog_sku', keys: { sku: 1 } },
    { name: 'catalog_slug', keys: { slug: 1 } },
  ],
})
export class ProductCatalog {
  _id!: string;
  productId!: string;
  name!: string;
  displayName!: string;
  description!: string;
  sku!: string;
  brand!: string;
  category!: string;
  price!: Decimal;
  currency!: Currency;
  images!: readonly ProductImage[];
  features!: ProductFeatures;
  metrics!: ProductMetrics;
  status!: 'active' | 'discontinued';
  inStock!: boolean;
  stockLevel!: number;
  slug!: string;
  searchKeywords!: readonly string[];
  /** When the product itself changed last; its metrics do not count. */
  updatedAt!: Date;
  /** The version of the product's stream that this document shows. */
  version!: number;
}
