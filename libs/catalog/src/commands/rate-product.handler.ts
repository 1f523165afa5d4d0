import { NotFound, Repository, type CommandReceipt } from '@nestfold/core';
import { CommandHandler, InjectRepository } from '@nestfold/nestjs';
import { Product } from '../domain/product.aggregate.js';
import { Review } from '../domain/review.aggregate.js';
import { RateProduct } from './rate-product.command.js';

/** Looks first whether there is such a product. Throws `NotFound`. */
@CommandHandler(RateProduct)
export class RateProductHandler {
  constructor(
    @InjectRepository(Review) private readonly reviews: Repository<Review>,
    @InjectRepository(Product) private readonly products: Repository<Product>,
  ) {}

  async execute(command: RateProduct): Promise<CommandReceipt> {
    const { productId, customerId } = command;
    if ((await this.products.load(productId)) === undefined) throw new NotFound('product', productId);
    return this.reviews.save(`${productId}/${customerId}`, (review) => review.rate(command));
  }
}
