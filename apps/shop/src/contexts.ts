import { CatalogModule } from '@shop/catalog';
import { CustomersModule } from '@shop/customers';
import { OrdersModule } from '@shop/orders';
import { fillWithSamples } from './seed/report-seed.js';
import { SeedModule } from './seed/seed.module.js';
import type { Composition } from './composition.js';

/** The contexts that run in this process. They stay apart: they meet in the store's events only. */
export const composition: Composition = {
  modules: [CatalogModule, CustomersModule, OrdersModule, SeedModule],
  fill: fillWithSamples,
};
