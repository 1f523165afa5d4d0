import { DomainEvent } from '@nestfold/core';
import type { Address } from '../address/address.js';
import type { VipStatus } from './vip-status.js';

/** A customer has an account. */
@DomainEvent('customer.registered')
export class CustomerRegistered {
  customerId!: string;
  name!: string;
  email!: string;
  phone?: string;
  vipStatus!: VipStatus;
  shippingAddress?: Address;
  billingAddress?: Address;
}

/** A customer bears another name. */
@DomainEvent('customer.renamed')
export class CustomerRenamed {
  customerId!: string;
  name!: string;
}

/** A customer is reached elsewhere. `phone` is missing where none is known. */
@DomainEvent('customer.contact-changed')
export class CustomerContactChanged {
  customerId!: string;
  email!: string;
  phone?: string;
}

/** A customer has another standing. */
@DomainEvent('customer.vip-status-changed')
export class CustomerVipStatusChanged {
  customerId!: string;
  vipStatus!: VipStatus;
}

/** A customer's addresses for orders to come; earlier orders keep theirs. */
@DomainEvent('customer.addresses-changed')
export class CustomerAddressesChanged {
  customerId!: string;
  shippingAddress?: Address;
  billingAddress?: Address;
}

/** All facts about customers that other contexts may follow. */
export const customerEvents = [
  CustomerRegistered,
  CustomerRenamed,
  CustomerContactChanged,
  CustomerVipStatusChanged,
  CustomerAddressesChanged,
] as const;
