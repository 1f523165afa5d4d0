import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { moneyValue, type ProductFeatures } from '@shop/contracts';
import { MoneyValue, PageView, type Page } from '@shop/platform';
import { ProductImageInput } from '../commands/product-details.input.js';
import type { ProductCatalog } from '../read-models/product-catalog/product-catalog.read-model.js';

/** How a product is received. */
export class ProductMetricsView {
  @ApiProperty()
  averageRating!: number;

  @ApiProperty({ type: 'integer' })
  reviewCount!: number;

  @ApiProperty({ type: 'integer' })
  purchaseCount!: number;

  @ApiProperty({ minimum: 0, maximum: 1 })
  popularityScore!: number;

  @ApiProperty({ minimum: 0, maximum: 1 })
  trendingScore!: number;
}

/** A product as shoppers see it. */
export class ProductView {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: 'integer' })
  version!: number;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  displayName!: string;

  @ApiProperty()
  description!: string;

  @ApiProperty()
  sku!: string;

  @ApiProperty()
  brand!: string;

  @ApiProperty()
  category!: string;

  @ApiProperty({ type: () => MoneyValue })
  price!: MoneyValue;

  @ApiProperty({ type: () => [ProductImageInput] })
  images!: readonly ProductImageInput[];

  @ApiProperty({ type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } })
  features!: ProductFeatures;

  @ApiProperty({ type: () => ProductMetricsView })
  metrics!: ProductMetricsView;

  @ApiProperty({ enum: ['active', 'discontinued'] })
  status!: 'active' | 'discontinued';

  @ApiProperty()
  inStock!: boolean;

  @ApiProperty({ type: 'integer' })
  stockLevel!: number;

  @ApiProperty()
  slug!: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** A page of products. */
export class ProductPageView extends PageView {
  @ApiProperty({ type: () => [ProductView] })
  items!: readonly ProductView[];
}

/** Some products, in order. */
export class ProductListView {
  @ApiProperty({ type: () => [ProductView] })
  items!: readonly ProductView[];
}

/** A product's document as the API shows it. */
export function productView(product: ProductCatalog): ProductView {
  const { averageRating, reviewCount, purchaseCount, popularityScore, trendingScore } = product.metrics;
  return {
    id: product._id,
    version: product.version,
    name: product.name,
    displayName: product.displayName,
    description: product.description,
    sku: product.sku,
    brand: product.brand,
    category: product.category,
    price: moneyValue(product.price, product.currency),
    images: product.images,
    features: product.features,
    metrics: { averageRating, reviewCount, purchaseCount, popularityScore, trendingScore },
    status: product.status,
    inStock: product.inStock,
    stockLevel: product.stockLevel,
    slug: product.slug,
    updatedAt: product.updatedAt,
  };
}

/** A page of documents as the API shows it. */
export function productPage({ items, ...page }: Page<ProductCatalog>): ProductPageView {
  return { items: items.map(productView), ...page };
}
