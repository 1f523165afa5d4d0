// The public surface of @shop/stand-ins, listed by hand.
export { CatalogStandIn, CatalogStandInModule } from './catalog/catalog.stand-in.js';
export { CustomersStandIn, CustomersStandInModule } from './customers/customers.stand-in.js';
