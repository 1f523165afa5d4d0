import { Repository, type CommandReceipt } from '@nestfold/core';
import { CommandHandler, InjectRepository } from '@nestfold/nestjs';
import { newId } from '@shop/platform';
import { Product } from '../domain/product.aggregate.js';
import { ListProduct } from './list-product.command.js';

/** Makes the product's id, the same at each repetition. */
@CommandHandler(ListProduct)
export class ListProductHandler {
  constructor(@InjectRepository(Product) private readonly products: Repository<Product>) {}

  async execute(command: ListProduct): Promise<CommandReceipt> {
    const productId = command.productId ?? newId('product');
    return this.products.create(productId, (product) => product.list(productId, command));
  }
}
