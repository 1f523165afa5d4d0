import type { OrderingCustomer } from '../domain/ordering-customer.js';

/** Who may order. An abstract class, so that it can be injected by its type. */
export abstract class Customers {
  abstract find(customerId: string): Promise<OrderingCustomer | undefined>;
}
