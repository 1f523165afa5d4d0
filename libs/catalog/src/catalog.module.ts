import { Module } from '@nestjs/common';
import { NestfoldModule } from '@nestfold/nestjs';
import { ProductsController } from './api/products.controller.js';
import { ListProductHandler } from './commands/list-product.handler.js';
import { RateProductHandler } from './commands/rate-product.handler.js';
import { Product } from './domain/product.aggregate.js';
import { Review } from './domain/review.aggregate.js';
import { FindProductHandler } from './queries/find-product.query.js';
import { SearchProductsHandler } from './queries/search-products.query.js';
import { TrendingProductsHandler } from './queries/trending-products.query.js';
import { ProductCatalogProjection } from './read-models/product-catalog/product-catalog.projection.js';
import { ProductCatalog } from './read-models/product-catalog/product-catalog.read-model.js';

/** The context of products: what the shop sells. */
@Module({
  imports: [NestfoldModule.forFeature({ aggregates: [Product, Review], readModels: [ProductCatalog] })],
  controllers: [ProductsController],
  providers: [
    ListProductHandler,
    RateProductHandler,
    FindProductHandler,
    SearchProductsHandler,
    TrendingProductsHandler,
    ProductCatalogProjection,
  ],
})
export class CatalogModule {}
