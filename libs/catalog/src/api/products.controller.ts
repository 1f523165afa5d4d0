import { Body, Controller, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestfold/core';
import { ApiTags } from '@nestjs/swagger';
import { moneyOf } from '@shop/contracts';
import {
  accepted,
  ApiCommand,
  ApiRead,
  Caller,
  IdParams,
  Public,
  Roles,
  versioned,
  type Principal,
  type ReceiptView,
} from '@shop/platform';
import type { Response } from 'express';
import { AdjustStock } from '../commands/adjust-stock.command.js';
import { ChangeProduct } from '../commands/change-product.command.js';
import { ListProduct } from '../commands/list-product.command.js';
import { RateProduct } from '../commands/rate-product.command.js';
import { FindProduct } from '../queries/find-product.query.js';
import { SearchProducts } from '../queries/search-products.query.js';
import { TrendingProducts } from '../queries/trending-products.query.js';
import { AdjustStockBody, ChangeProductBody, ListProductBody, RateProductBody } from './product.bodies.js';
import { ProductSearchQuery, TrendingQuery, wantedFeature } from './product.queries.js';
import { productPage, productView, ProductListView, ProductPageView, ProductView } from './product.views.js';

/** The catalogue: open to everybody for reading, to the shop's staff for writing. */
@ApiTags('products')
@Controller('products')
export class ProductsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Public()
  @ApiRead({ summary: 'Search products', operationId: 'searchProducts', type: ProductPageView })
  async search(@Query() query: ProductSearchQuery): Promise<ProductPageView> {
    const { text, category, brand, minPrice, maxPrice, inStock, sort, feature } = query;
    const features = feature?.map(wantedFeature);
    const search = { text, category, brand, minPrice, maxPrice, inStock, sort, features, page: query };
    return productPage(await this.queries.execute(SearchProducts.of(search)));
  }

  @Get('trending')
  @Public()
  @ApiRead({ summary: 'What sells best and is there', operationId: 'trendingProducts', type: ProductListView })
  async trending(@Query() { limit = 10 }: TrendingQuery): Promise<ProductListView> {
    const products = await this.queries.execute(TrendingProducts.of({ limit }));
    return { items: products.map(productView) };
  }

  @Get(':id')
  @Public()
  @ApiRead({ summary: 'One product', operationId: 'findProduct', type: ProductView, one: true })
  async find(@Param() { id }: IdParams, @Res({ passthrough: true }) response: Response): Promise<ProductView> {
    return versioned(response, productView(await this.queries.execute(FindProduct.of({ productId: id }))));
  }

  @Post()
  @Roles('admin')
  @ApiCommand({ summary: 'Put a product up for sale', operationId: 'listProduct', creates: true })
  async list(@Body() body: ListProductBody, @Res({ passthrough: true }) response: Response): Promise<ReceiptView> {
    const { sku, price, stockLevel, ...details } = body;
    const command = ListProduct.of({ productId: undefined, sku, details, price: moneyOf(price), stockLevel });
    return accepted(response, await this.commands.execute(command), (id) => `/products/${id}`);
  }

  @Put(':id')
  @Roles('admin')
  @ApiCommand({ summary: 'Describe, reprice, recount or discontinue a product', operationId: 'changeProduct' })
  async change(
    @Param() { id: productId }: IdParams,
    @Body() body: ChangeProductBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReceiptView> {
    const { price, stockLevel, discontinued, ...details } = body;
    const command = ChangeProduct.of({ productId, details, price: price && moneyOf(price), stockLevel, discontinued });
    return accepted(response, await this.commands.execute(command));
  }

  @Post(':id/stock')
  @Roles('admin')
  @ApiCommand({ summary: 'Let pieces of a product come or go', operationId: 'adjustStock' })
  async adjustStock(
    @Param() { id: productId }: IdParams,
    @Body() { change }: AdjustStockBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReceiptView> {
    return accepted(response, await this.commands.execute(AdjustStock.of({ productId, change })));
  }

  @Post(':id/ratings')
  @Roles('customer')
  @ApiCommand({ summary: 'Say how good a product is', operationId: 'rateProduct' })
  async rate(
    @Param() { id: productId }: IdParams,
    @Body() { rating }: RateProductBody,
    @Caller() { customerId }: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReceiptView> {
    return accepted(response, await this.commands.execute(RateProduct.of({ productId, customerId, rating })));
  }
}
