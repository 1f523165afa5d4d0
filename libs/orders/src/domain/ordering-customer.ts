import type { Address } from '@shop/contracts';

/** Where an order is to be sent, and its bill. */
export interface OrderAddresses {
  readonly shippingAddress?: Address | undefined;
  readonly billingAddress?: Address | undefined;
}

/** Who orders, for what is known of them. */
export interface OrderingCustomer extends OrderAddresses {
  readonly customerId: string;
}
