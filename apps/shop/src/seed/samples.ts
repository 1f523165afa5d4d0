import type { Data } from '@nestfold/core';
import type { ListProduct } from '@shop/catalog';
import type { RegisterCustomer } from '@shop/customers';
import { sampleCustomers } from './sample-customers.js';
import { sampleOrders, sampleRatings, type SampleOrder, type SampleRating } from './sample-orders.js';
import { sampleProducts } from './sample-products.js';
import { SeededRandom } from './seeded-random.js';

/** What an empty shop is filled with. */
export interface Samples {
  readonly products: readonly Data<ListProduct>[];
  readonly customers: readonly Data<RegisterCustomer>[];
  readonly orders: readonly SampleOrder[];
  readonly ratings: readonly SampleRating[];
}

/** The samples of a seed: the same at each call, which is what lets an interrupted seeding go on under the same keys. */
export function samplesOf(seed = 2026): Samples {
  const random = new SeededRandom(seed);
  const products = sampleProducts(random);
  const customers = sampleCustomers(random);
  const ids = products.flatMap(({ productId }) => productId ?? []);
  const orders = sampleOrders(
    random,
    customers.flatMap(({ customerId }) => customerId ?? []),
    ids,
  );
  return { products, customers, orders, ratings: sampleRatings(random, orders) };
}

/** How many commands write them. */
export function commandsOf({ products, customers, orders, ratings }: Samples): number {
  const ofOrders = orders.reduce((sum, { stages }) => sum + 1 + stages.length, 0);
  return products.length + customers.length + ratings.length + ofOrders;
}
