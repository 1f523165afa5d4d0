import type { EventContext } from '@nestfold/core';
import { On, Projection, writes } from '@nestfold/projections';
import {
  CustomerAddressesChanged,
  CustomerContactChanged,
  CustomerRegistered,
  CustomerRenamed,
  CustomerVipStatusChanged,
} from '@shop/contracts';
import { CustomerRecord } from './customer-record.read-model.js';

const customers = writes(CustomerRecord);

/** Feeds the customers' accounts. */
@Projection('customers', { version: 1, readModels: [CustomerRecord], slicing: 'stream' })
export class CustomersProjection {
  @On(CustomerRegistered)
  registered(event: CustomerRegistered, context: EventContext) {
    return customers.insert(event.customerId, { ...event, createdAt: context.occurredAt, ...stamp(context) });
  }

  @On(CustomerRenamed)
  renamed({ customerId, name }: CustomerRenamed, context: EventContext) {
    return customers.patch(customerId, { name, ...stamp(context) });
  }

  @On(CustomerContactChanged)
  contactChanged({ customerId, email, phone }: CustomerContactChanged, context: EventContext) {
    return customers.patch(customerId, { email, phone, ...stamp(context) });
  }

  @On(CustomerVipStatusChanged)
  vipStatusChanged({ customerId, vipStatus }: CustomerVipStatusChanged, context: EventContext) {
    return customers.patch(customerId, { vipStatus, ...stamp(context) });
  }

  @On(CustomerAddressesChanged)
  addressesChanged(event: CustomerAddressesChanged, context: EventContext) {
    const { customerId, shippingAddress, billingAddress } = event;
    return customers.patch(customerId, { shippingAddress, billingAddress, ...stamp(context) });
  }
}

function stamp({ occurredAt, version }: EventContext) {
  return { updatedAt: occurredAt, version };
}
