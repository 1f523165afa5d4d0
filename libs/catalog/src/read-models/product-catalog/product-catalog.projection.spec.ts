import { Decimal, type Data } from '@nestfold/core';
import { projection } from '@nestfold/testing';
import {
  money,
  OrderCancelled,
  OrderConfirmed,
  ProductDescribed,
  ProductDiscontinued,
  ProductListed,
  ProductRepriced,
  ProductStockAdjusted,
  type OrderedItem,
  type ProductDetails,
} from '@shop/contracts';
import { describe, expect, it } from 'vitest';
import { ProductRated } from '../../domain/review.events.js';
import { noMetrics, withPurchases } from './metrics.js';
import { ProductCatalogProjection } from './product-catalog.projection.js';
import { ProductCatalog } from './product-catalog.read-model.js';
import { keywordsOf, slugOf } from './search-terms.js';

const productId = 'lamp';
const stream = 'product-lamp';
const details: ProductDetails = {
  name: 'Desk Lamp',
  displayName: 'Lumen Desk Lamp',
  description: 'A lamp that lights a desk.',
  brand: 'Lumen',
  category: 'Home > Light',
  images: [],
  features: { color: ['Black'] },
};
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 10, minute));
const listed = () =>
  projection(ProductCatalogProjection).given(
    ProductListed,
    { productId, sku: 'L-1', details, price: money('20.00'), stockLevel: 5 },
    { stream, occurredAt: at(0) },
  );
const document: Omit<Data<ProductCatalog>, '_id'> = {
  productId,
  ...details,
  sku: 'L-1',
  price: Decimal.of('20.00'),
  currency: 'USD',
  metrics: noMetrics,
  status: 'active',
  inStock: true,
  stockLevel: 5,
  slug: 'lumen-desk-lamp',
  searchKeywords: ['desk', 'lamp', 'lumen', 'home', 'light', 'that', 'lights'],
  updatedAt: at(0),
  version: 1,
};
const item: OrderedItem = { productId, quantity: 2, unitPrice: money('20.00'), subtotal: money('40.00') };
const order = { orderId: 'o1', customerId: 'ada', items: [item] };

describe('the catalogue', () => {
  it('shows a product with what it is found by', async () => {
    await listed().then(ProductCatalog, productId, document);
  });

  it('follows what becomes of the product', async () => {
    await listed()
      .given(
        ProductDescribed,
        { productId, details: { ...details, displayName: 'Lámpara' } },
        { stream, occurredAt: at(1) },
      )
      .given(ProductRepriced, { productId, price: money('25.00') }, { stream, occurredAt: at(2) })
      .given(ProductStockAdjusted, { productId, change: -5, stockLevel: 0 }, { stream, occurredAt: at(3) })
      .then(ProductCatalog, productId, {
        ...document,
        displayName: 'Lámpara',
        slug: 'lampara',
        price: Decimal.of('25.00'),
        stockLevel: 0,
        inStock: false,
        updatedAt: at(3),
        version: 4,
      });
  });

  it('keeps what is discontinued, out of stock', async () => {
    await listed()
      .given(ProductDiscontinued, { productId }, { stream, occurredAt: at(1) })
      .then(ProductCatalog, productId, {
        ...document,
        status: 'discontinued',
        inStock: false,
        updatedAt: at(1),
        version: 2,
      });
  });

  it('counts confirmed orders as purchases, and takes back those that are cancelled then', async () => {
    await listed()
      .given(OrderConfirmed, order)
      .given(OrderConfirmed, { ...order, orderId: 'o2' })
      .given(OrderCancelled, { ...order, from: 'confirmed', reason: '' })
      .given(OrderCancelled, { ...order, orderId: 'o3', from: 'pending', reason: '' })
      .then(ProductCatalog, productId, {
        ...document,
        metrics: { ...noMetrics, purchaseCount: 1, popularityScore: 0.01, trendingScore: 0.02 },
      });
  });

  it('averages ratings, one a customer', async () => {
    await listed()
      .given(ProductRated, { productId, customerId: 'ada', rating: 5 })
      .given(ProductRated, { productId, customerId: 'bob', rating: 2 })
      .given(ProductRated, { productId, customerId: 'bob', rating: 4, previous: 2 })
      .then(ProductCatalog, productId, {
        ...document,
        metrics: { ...noMetrics, averageRating: 4.5, reviewCount: 2, ratingTotal: 9 },
      });
  });

  it('passes over facts about products that it does not know', async () => {
    await projection(ProductCatalogProjection).given(OrderConfirmed, order).absent(ProductCatalog, productId);
  });
});

describe('scores', () => {
  it('end at 1', () => {
    expect(withPurchases(noMetrics, 60)).toMatchObject({ popularityScore: 0.6, trendingScore: 1 });
    expect(withPurchases(noMetrics, 1_000)).toMatchObject({ popularityScore: 1, trendingScore: 1 });
  });
});

describe('search terms', () => {
  it('make an address of a name in any script', () => {
    expect(slugOf('  Café “Größe” & 李 / 5G! ')).toBe('cafe-große-李-5g');
  });

  it('are words of more than three letters, each once', () => {
    expect(keywordsOf({ ...details, description: 'The lamp, the LAMP and noise-cancelling.' })).toEqual([
      'desk',
      'lamp',
      'lumen',
      'home',
      'light',
      'noise-cancelling',
    ]);
  });
});
