import { performance } from 'node:perf_hooks';
import { eventually, must } from './expectations.js';
import type { ShopClient } from './shop-client.js';
import type { Order, Product } from './wire.js';

/** Who acts in the demo, and what the steps hand on. */
export interface Stage {
  readonly nobody: ShopClient;
  readonly customer: ShopClient;
  readonly otherCustomer: ShopClient;
  readonly admin: ShopClient;
  /** Products that can be ordered, as the catalogue shows them. */
  readonly products: readonly Product[];
  /** How long written things took to be seen in a read model, in milliseconds. */
  readonly lags: number[];
  /** Looks a second that readers got through, for each step that had readers. */
  readonly readRates: number[];
}

/** The customer's id: the development issuer's user of that name. */
export const CUSTOMER_ID = 'customer';

/** Something to order. Throws `WrongStep` where the shop has nothing. */
export function productOf({ products: [product] }: Stage): Product {
  must(product !== undefined, 'a product is needed');
  return product;
}

/** An order once the read side shows this version of it (or a later one), as the customer sees it; measures how long that took. */
export async function orderAt({ customer, lags }: Stage, id: string, version: number): Promise<Order> {
  const started = performance.now();
  const order = await eventually(`order ${id} at version ${version}`, async () => {
    const { status, body } = await customer.get<Order>(`/orders/${id}`);
    return status === 200 && body.version >= version ? body : undefined;
  });
  lags.push(performance.now() - started);
  return order;
}
