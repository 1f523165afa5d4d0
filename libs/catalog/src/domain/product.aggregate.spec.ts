import type { Data } from '@nestfold/core';
import { specification } from '@nestfold/testing';
import {
  money,
  ProductDescribed,
  ProductDiscontinued,
  ProductListed,
  ProductRepriced,
  ProductStockAdjusted,
  type ProductDetails,
} from '@shop/contracts';
import { describe, it } from 'vitest';
import { AdjustStock } from '../commands/adjust-stock.command.js';
import { ChangeProduct } from '../commands/change-product.command.js';
import { ListProduct } from '../commands/list-product.command.js';
import { Product } from './product.aggregate.js';

const productId = 'lamp';
const stated = { name: 'Desk Lamp', description: 'Lights a desk.', brand: 'Lumen', category: 'Home > Light' };
const details: ProductDetails = {
  ...stated,
  displayName: 'Desk Lamp',
  images: [],
  features: { color: ['Black'], weight: ['1 kg'] },
};
const listed: Data<ProductListed> = { productId, sku: 'L-1', details, price: money('20.00'), stockLevel: 5 };
const lamp = () => specification(Product).given(ProductListed, listed);
const change = (changes: Partial<Data<ChangeProduct>>) =>
  ChangeProduct.of({
    productId,
    details: undefined,
    price: undefined,
    stockLevel: undefined,
    discontinued: undefined,
    ...changes,
  });

describe('a product', () => {
  it('is listed with what follows from its description', () => {
    const features = { color: ['Black'], weight: '1 kg' };
    const command = ListProduct.of({
      productId,
      sku: 'L-1',
      details: { ...stated, features },
      price: money('20.00'),
      stockLevel: 5,
    });
    specification(Product)
      .when((product) => product.list(productId, command))
      .then(ProductListed, listed);
  });

  it('is changed in one decision, each change a fact of its own', () => {
    lamp()
      .when(change({ details: { name: 'Lamp' }, price: money('25.00'), stockLevel: 3, discontinued: true }))
      .then(ProductDescribed, { productId, details: { ...details, name: 'Lamp' } })
      .then(ProductRepriced, { productId, price: money('25.00') })
      .then(ProductStockAdjusted, { productId, change: -2, stockLevel: 3 })
      .then(ProductDiscontinued, { productId });
  });

  it('decides nothing where nothing changes', () => {
    lamp().when(change({})).thenNothing();
    lamp()
      .when(
        change({
          details: { ...details, features: { weight: '1 kg', color: 'Black' } },
          price: money('20.0'),
          stockLevel: 5,
        }),
      )
      .thenNothing();
    lamp()
      .when(AdjustStock.of({ productId, change: 0 }))
      .thenNothing();
  });

  it('never has less than nothing in stock', () => {
    lamp()
      .when(AdjustStock.of({ productId, change: -5 }))
      .then(ProductStockAdjusted, { productId, change: -5, stockLevel: 0 });
    lamp()
      .when(AdjustStock.of({ productId, change: -6 }))
      .refused('product.stock-negative');
  });

  it('is left alone once it is discontinued', () => {
    const gone = () => lamp().given(ProductDiscontinued, { productId });
    gone()
      .when(change({ price: money('1.00') }))
      .refused('product.discontinued');
    gone()
      .when(AdjustStock.of({ productId, change: 1 }))
      .refused('product.discontinued');
    gone()
      .when(change({ discontinued: true }))
      .refused('product.discontinued');
  });

  it('is not found where it was never listed', () => {
    specification(Product).when(change({})).refused('aggregate.not-found');
  });
});
