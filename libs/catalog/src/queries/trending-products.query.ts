import { Query } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
import { IsInt, Max, Min } from 'class-validator';
import { ProductCatalog } from '../read-models/product-catalog/product-catalog.read-model.js';

/** What sells best at the moment and is there. */
export class TrendingProducts extends Query<readonly ProductCatalog[]> {
  @IsInt()
  @Min(1)
  @Max(50)
  limit!: number;
}

/** Looks into the catalogue. */
@QueryHandler(TrendingProducts)
export class TrendingProductsHandler {
  constructor(@InjectReadModel(ProductCatalog) private readonly catalog: ReadModel<ProductCatalog>) {}

  async execute({ limit }: TrendingProducts): Promise<readonly ProductCatalog[]> {
    return this.catalog.find({
      where: { inStock: true },
      sort: { 'metrics.trendingScore': -1, _id: 1 },
      limit,
    });
  }
}
