// The public surface of @shop/catalog, listed by hand.
export { CatalogModule } from './catalog.module.js';
export { AdjustStock } from './commands/adjust-stock.command.js';
export { ChangeProduct } from './commands/change-product.command.js';
export { ListProduct } from './commands/list-product.command.js';
export { RateProduct } from './commands/rate-product.command.js';
export { FindProduct } from './queries/find-product.query.js';
export { SearchProducts } from './queries/search-products.query.js';
export { TrendingProducts } from './queries/trending-products.query.js';
export { ProductCatalog } from './read-models/product-catalog/product-catalog.read-model.js';
