import type { Data } from '@nestfold/core';
import { specification } from '@nestfold/testing';
import {
  CustomerAddressesChanged,
  CustomerContactChanged,
  CustomerRegistered,
  CustomerRenamed,
  CustomerVipStatusChanged,
  type Address,
} from '@shop/contracts';
import { describe, it } from 'vitest';
import { ChangeCustomer } from '../commands/change-customer.command.js';
import { RegisterCustomer } from '../commands/register-customer.command.js';
import { Customer } from './customer.aggregate.js';

const customerId = 'ada';
const home: Address = { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' };
const registered: Data<CustomerRegistered> = {
  customerId,
  name: 'Ada',
  email: 'ada@x.test',
  phone: '+1 555 0100',
  vipStatus: 'regular',
  shippingAddress: home,
};
const ada = () => specification(Customer).given(CustomerRegistered, registered);
const change = (changes: Partial<Data<ChangeCustomer>>) => ChangeCustomer.of({ customerId, ...changes });

describe('a customer', () => {
  it('is registered with an e-mail address in small letters', () => {
    const command = RegisterCustomer.of({
      name: 'Ada',
      email: 'Ada@X.test',
      phone: '+1 555 0100',
      shippingAddress: home,
    });
    specification(Customer)
      .when((customer) => customer.register(customerId, command))
      .then(CustomerRegistered, registered);
  });

  it('is changed in one decision, each change a fact of its own', () => {
    const office = { ...home, street: '2 Side Street' };
    ada()
      .when(change({ name: 'Ada Lovelace', email: 'ada@y.test', vipStatus: 'gold', billingAddress: office }))
      .then(CustomerRenamed, { customerId, name: 'Ada Lovelace' })
      .then(CustomerContactChanged, { customerId, email: 'ada@y.test', phone: '+1 555 0100' })
      .then(CustomerVipStatusChanged, { customerId, vipStatus: 'gold' })
      .then(CustomerAddressesChanged, { customerId, shippingAddress: home, billingAddress: office });
  });

  it('decides nothing where nothing changes', () => {
    ada()
      .when(
        change({
          name: 'Ada',
          email: 'ADA@x.test',
          phone: '+1 555 0100',
          vipStatus: 'regular',
          shippingAddress: { ...home },
        }),
      )
      .thenNothing();
  });

  it('is not found where they never registered', () => {
    specification(Customer)
      .when(change({ name: 'Bob' }))
      .refused('aggregate.not-found');
  });
});
