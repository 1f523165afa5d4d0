import { OrdersModule } from '@shop/orders';
import { CatalogStandIn, CatalogStandInModule, CustomersStandIn, CustomersStandInModule } from '@shop/stand-ins';
import type { Composition } from './composition.js';

/** The contexts that run in this process. They stay apart: they meet in the store's events only. */
export const composition: Composition = {
  modules: [OrdersModule, CatalogStandInModule, CustomersStandInModule],
  fill: async (app, { say }) => {
    const products = await app.get(CatalogStandIn, { strict: false }).state();
    say(`Products that can be ordered: ${products.join(', ')}.`);
    const customers = await app.get(CustomersStandIn, { strict: false }).state();
    say(`Customers who can order: ${customers.join(', ')}.`);
  },
};
