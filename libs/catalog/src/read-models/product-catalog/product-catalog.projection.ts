import type { EventContext } from '@nestfold/core';
import { On, Projection, writes } from '@nestfold/projections';
import {
  OrderCancelled,
  OrderConfirmed,
  ProductDescribed,
  ProductDiscontinued,
  ProductListed,
  ProductRepriced,
  ProductStockAdjusted,
  type ProductDetails,
} from '@shop/contracts';
import { ProductRated } from '../../domain/review.events.js';
import { noMetrics, withPurchases, withRating } from './metrics.js';
import { ProductCatalog, type ProductMetrics } from './product-catalog.read-model.js';
import { keywordsOf, slugOf } from './search-terms.js';

const catalog = writes(ProductCatalog);

/** Feeds the catalogue from facts about products, their ratings, and confirmed orders. */
@Projection('product-catalog', { version: 1, readModels: [ProductCatalog] })
export class ProductCatalogProjection {
  @On(ProductListed)
  listed(event: ProductListed, context: EventContext) {
    return catalog.insert(event.productId, {
      productId: event.productId,
      sku: event.sku,
      ...described(event.details),
      price: event.price.amount,
      currency: event.price.currency,
      metrics: noMetrics,
      status: 'active',
      stockLevel: event.stockLevel,
      inStock: event.stockLevel > 0,
      ...stamp(context),
    });
  }

  @On(ProductDescribed)
  describedAnew(event: ProductDescribed, context: EventContext) {
    return catalog.patch(event.productId, { ...described(event.details), ...stamp(context) });
  }

  @On(ProductRepriced)
  repriced({ productId, price }: ProductRepriced, context: EventContext) {
    return catalog.patch(productId, { price: price.amount, currency: price.currency, ...stamp(context) });
  }

  @On(ProductStockAdjusted)
  stockAdjusted({ productId, stockLevel }: ProductStockAdjusted, context: EventContext) {
    return catalog.patch(productId, { stockLevel, inStock: stockLevel > 0, ...stamp(context) });
  }

  @On(ProductDiscontinued)
  discontinued({ productId }: ProductDiscontinued, context: EventContext) {
    return catalog.patch(productId, { status: 'discontinued', inStock: false, ...stamp(context) });
  }

  @On(ProductRated)
  rated({ productId, rating, previous }: ProductRated) {
    return measured(productId, (metrics) => withRating(metrics, rating, previous));
  }

  @On(OrderConfirmed)
  sold({ items }: OrderConfirmed) {
    return items.map(({ productId }) => measured(productId, (metrics) => withPurchases(metrics, 1)));
  }

  /** Only a confirmed order had counted as a purchase. */
  @On(OrderCancelled)
  returned({ from, items }: OrderCancelled) {
    if (from !== 'confirmed') return undefined;
    return items.map(({ productId }) => measured(productId, (metrics) => withPurchases(metrics, -1)));
  }
}

function measured(productId: string, change: (metrics: ProductMetrics) => ProductMetrics) {
  return catalog.reduce(productId, (product) => product && { ...product, metrics: change(product.metrics) });
}

function described(details: ProductDetails) {
  return { ...details, slug: slugOf(details.displayName), searchKeywords: keywordsOf(details) };
}

function stamp({ occurredAt, version }: EventContext) {
  return { updatedAt: occurredAt, version };
}
