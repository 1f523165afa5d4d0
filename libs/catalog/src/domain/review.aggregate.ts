import { Aggregate, AggregateRoot, Apply } from '@nestfold/core';
import type { RateProduct } from '../commands/rate-product.command.js';
import { ProductRated } from './review.events.js';

/** What one customer thinks of one product. */
export class ReviewState {
  rating: number | undefined;
}

/** One customer's rating of one product: a stream of its own, so that ratings never contend with each other. */
@Aggregate('review', { state: ReviewState, events: [ProductRated] })
export class Review extends AggregateRoot<ReviewState> {
  rate({ productId, customerId, rating }: RateProduct): void {
    const previous = this.state.rating;
    if (previous === rating) return;
    this.emit(ProductRated, { productId, customerId, rating, ...(previous !== undefined && { previous }) });
  }

  @Apply(ProductRated) protected rated({ rating }: ProductRated): void {
    this.state.rating = rating;
  }
}
