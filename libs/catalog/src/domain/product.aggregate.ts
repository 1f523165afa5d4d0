import { Aggregate, AggregateRoot, Apply, Handle } from '@nestfold/core';
import {
  ProductDescribed,
  ProductDiscontinued,
  productEvents,
  ProductListed,
  ProductRepriced,
  ProductStockAdjusted,
  type Money,
} from '@shop/contracts';
import { AdjustStock } from '../commands/adjust-stock.command.js';
import { ChangeProduct } from '../commands/change-product.command.js';
import type { ListProduct } from '../commands/list-product.command.js';
import { changedDetails, completeDetails, sameDetails, type DetailChanges } from './product-details.js';
import { ProductState } from './product.state.js';

/** A product of the shop: what it is, what it costs, how many there are. */
@Aggregate('product', { state: ProductState, events: [...productEvents], snapshotEvery: 100 })
export class Product extends AggregateRoot<ProductState> {
  list(productId: string, { sku, details, price, stockLevel }: ListProduct): void {
    this.emit(ProductListed, { productId, sku, details: completeDetails(details), price, stockLevel });
  }

  /** Several changes as one commit; each that changes nothing is no event. */
  @Handle(ChangeProduct, { id: 'productId' })
  change(changes: ChangeProduct): void {
    this.require(this.state.status !== 'discontinued', 'product.discontinued', 'The product is not for sale any more.');
    if (changes.details !== undefined) this.describe(changes.productId, changes.details);
    if (changes.price !== undefined) this.reprice(changes.productId, changes.price);
    if (changes.stockLevel !== undefined) this.countStock(changes.productId, changes.stockLevel);
    if (changes.discontinued) this.emit(ProductDiscontinued, { productId: changes.productId });
  }

  /** Lets pieces come (or, with a negative number, go). Refused by `product.stock-negative` when more would go than there are. */
  @Handle(AdjustStock, { id: 'productId' })
  adjustStock({ productId, change }: AdjustStock): void {
    this.require(this.state.status === 'active', 'product.discontinued', 'The product is not for sale any more.');
    const stockLevel = this.state.stockLevel + change;
    this.require(stockLevel >= 0, 'product.stock-negative', `Only ${this.state.stockLevel} piece(s) are there.`, {
      stockLevel: this.state.stockLevel,
      change,
    });
    if (change !== 0) this.emit(ProductStockAdjusted, { productId, change, stockLevel });
  }

  private describe(productId: string, changes: DetailChanges): void {
    const before = this.state.details;
    if (before === undefined) return;
    const details = changedDetails(before, changes);
    if (!sameDetails(before, details)) this.emit(ProductDescribed, { productId, details });
  }

  private reprice(productId: string, price: Money): void {
    const same = this.state.price?.currency === price.currency && this.state.price.amount.equals(price.amount);
    if (!same) this.emit(ProductRepriced, { productId, price });
  }

  private countStock(productId: string, stockLevel: number): void {
    this.adjustStock({ productId, change: stockLevel - this.state.stockLevel });
  }

  @Apply(ProductListed) protected listed({ details, price, stockLevel }: ProductListed): void {
    Object.assign(this.state, { status: 'active', details, price, stockLevel });
  }

  @Apply(ProductDescribed) protected described({ details }: ProductDescribed): void {
    this.state.details = details;
  }

  @Apply(ProductRepriced) protected repriced({ price }: ProductRepriced): void {
    this.state.price = price;
  }

  @Apply(ProductStockAdjusted) protected stockAdjusted({ stockLevel }: ProductStockAdjusted): void {
    this.state.stockLevel = stockLevel;
  }

  @Apply(ProductDiscontinued) protected discontinued(): void {
    this.state.status = 'discontinued';
  }
}
