import { Decimal, Query } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { Find, ReadModel, Where } from '@nestfold/projections';
import { pageOf, PageQuery, rangeOf, type Page } from '@shop/platform';
import { ProductCatalog } from '../read-models/product-catalog/product-catalog.read-model.js';

/** The orders in which products can be listed. */
export const PRODUCT_ORDERS = ['price', '-price', 'popularity', 'rating', 'trending'] as const;

/** One of the orders in which products can be listed. */
export type ProductOrder = (typeof PRODUCT_ORDERS)[number];

/** A product that must have a feature. */
export interface WantedFeature {
  readonly name: string;
  readonly value: string;
}

/** Products that are for sale, by words and by what they must be. Checked where it is made, at the border. */
export class SearchProducts extends Query<Page<ProductCatalog>> {
  /** Words; without `sort` the best match comes first. */
  text?: string | undefined;
  /** How the category begins. */
  category?: string | undefined;
  brand?: string | undefined;
  minPrice?: string | undefined;
  maxPrice?: string | undefined;
  inStock?: boolean | undefined;
  features?: readonly WantedFeature[] | undefined;
  /** Without words and without it: what is trending comes first. */
  sort?: ProductOrder | undefined;
  page?: PageQuery | undefined;
}

// `_id` last, as in the indexes: pages must not overlap where many products are equal.
const SORTS: Readonly<Record<ProductOrder, NonNullable<Find<ProductCatalog>['sort']>>> = {
  price: { price: 1, _id: 1 },
  '-price': { price: -1, _id: -1 },
  popularity: { 'metrics.popularityScore': -1, _id: 1 },
  rating: { 'metrics.averageRating': -1, _id: 1 },
  trending: { 'metrics.trendingScore': -1, _id: 1 },
};

/** Looks into the catalogue. */
@QueryHandler(SearchProducts)
export class SearchProductsHandler {
  constructor(@InjectReadModel(ProductCatalog) private readonly catalog: ReadModel<ProductCatalog>) {}

  async execute(query: SearchProducts): Promise<Page<ProductCatalog>> {
    const range = rangeOf(query.page ?? {});
    const wanted = { where: conditionOf(query), ...(query.text !== undefined && { text: query.text }) };
    const sort = query.sort ?? (query.text === undefined ? 'trending' : undefined);
    const [items, total] = await Promise.all([
      this.catalog.find({ ...wanted, ...range, ...(sort !== undefined && { sort: SORTS[sort] }) }),
      this.catalog.count(wanted),
    ]);
    return pageOf(items, total, range);
  }
}

function conditionOf(query: SearchProducts): Where<ProductCatalog> {
  const { category, brand, minPrice, maxPrice, inStock, features = [] } = query;
  const price = {
    ...(minPrice !== undefined && { gte: Decimal.of(minPrice) }),
    ...(maxPrice !== undefined && { lte: Decimal.of(maxPrice) }),
  };
  return {
    status: 'active',
    ...(category !== undefined && { category: { startsWith: category } }),
    ...(brand !== undefined && { brand }),
    ...(inStock !== undefined && { inStock }),
    ...(Object.keys(price).length > 0 && { price }),
    // The names were checked at the border: each is a key of letters and digits.
    ...Object.fromEntries(features.map(({ name, value }) => [`features.${name}`, value])),
  };
}
