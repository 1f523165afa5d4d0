import type { ProductMetrics } from './product-catalog.read-model.js';

/** What is known of a product that nobody has bought or rated. */
export const noMetrics: ProductMetrics = {
  averageRating: 0,
  reviewCount: 0,
  ratingTotal: 0,
  purchaseCount: 0,
  popularityScore: 0,
  trendingScore: 0,
};

const POPULAR_AT = 100;
const TRENDING_AT = 50;

/** The metrics after purchases more, or fewer where `change` is negative. */
export function withPurchases(metrics: ProductMetrics, change: number): ProductMetrics {
  const purchaseCount = Math.max(0, metrics.purchaseCount + change);
  return {
    ...metrics,
    purchaseCount,
    popularityScore: Math.min(purchaseCount / POPULAR_AT, 1),
    trendingScore: Math.min(purchaseCount / TRENDING_AT, 1),
  };
}

/** The metrics after a rating, which may take the place of the same customer's earlier one. */
export function withRating(metrics: ProductMetrics, rating: number, previous: number | undefined): ProductMetrics {
  const reviewCount = metrics.reviewCount + (previous === undefined ? 1 : 0);
  const ratingTotal = metrics.ratingTotal + rating - (previous ?? 0);
  return { ...metrics, reviewCount, ratingTotal, averageRating: Math.round((ratingTotal / reviewCount) * 100) / 100 };
}
