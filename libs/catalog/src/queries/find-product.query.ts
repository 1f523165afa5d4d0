import { NotFound, Query } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
import { IsId } from '@shop/contracts';
import { ProductCatalog } from '../read-models/product-catalog/product-catalog.read-model.js';

/** One product. Throws `NotFound`. */
export class FindProduct extends Query<ProductCatalog> {
  @IsId()
  productId!: string;
}

/** Looks into the catalogue. */
@QueryHandler(FindProduct)
export class FindProductHandler {
  constructor(@InjectReadModel(ProductCatalog) private readonly catalog: ReadModel<ProductCatalog>) {}

  async execute({ productId }: FindProduct): Promise<ProductCatalog> {
    const product = await this.catalog.findById(productId);
    if (product === undefined) throw new NotFound('product', productId);
    return product;
  }
}
