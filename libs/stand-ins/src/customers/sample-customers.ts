import type { Data } from '@nestfold/core';
import type { CustomerRegistered } from '@shop/contracts';

const shippingAddress = { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' };

/** Who can order where there are no accounts: the customers among the development issuer's users, by their ids. */
export const sampleCustomers: readonly Data<CustomerRegistered>[] = [
  { customerId: 'customer', name: 'Casey Rivers', email: 'customer@shop.test', vipStatus: 'regular', shippingAddress },
  { customerId: 'customer-2', name: 'Robin Vale', email: 'customer2@shop.test', vipStatus: 'gold', shippingAddress },
];
