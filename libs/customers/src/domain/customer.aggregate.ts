import { Aggregate, AggregateRoot, Apply, Handle } from '@nestfold/core';
import {
  CustomerAddressesChanged,
  CustomerContactChanged,
  customerEvents,
  CustomerRegistered,
  CustomerRenamed,
  CustomerVipStatusChanged,
  type Address,
} from '@shop/contracts';
import { ChangeCustomer } from '../commands/change-customer.command.js';
import type { RegisterCustomer } from '../commands/register-customer.command.js';
import { CustomerState } from './customer.state.js';

/** Somebody who buys in the shop. */
@Aggregate('customer', { state: CustomerState, events: [...customerEvents], snapshotEvery: 100 })
export class Customer extends AggregateRoot<CustomerState> {
  register(customerId: string, command: RegisterCustomer): void {
    const { name, email, phone, vipStatus, shippingAddress, billingAddress } = command;
    this.emit(CustomerRegistered, {
      customerId,
      name,
      email: email.toLowerCase(),
      vipStatus: vipStatus ?? 'regular',
      ...(phone !== undefined && { phone }),
      ...(shippingAddress && { shippingAddress }),
      ...(billingAddress && { billingAddress }),
    });
  }

  /** Several changes as one commit; each that changes nothing is no event. */
  @Handle(ChangeCustomer, { id: 'customerId' })
  change(changes: ChangeCustomer): void {
    const { customerId, name, vipStatus } = changes;
    if (name !== undefined && name !== this.state.name) this.emit(CustomerRenamed, { customerId, name });
    this.changeContact(changes);
    if (vipStatus !== undefined && vipStatus !== this.state.vipStatus) {
      this.emit(CustomerVipStatusChanged, { customerId, vipStatus });
    }
    this.changeAddresses(changes);
  }

  private changeContact({ customerId, email, phone }: ChangeCustomer): void {
    const next = { email: email?.toLowerCase() ?? this.state.email, phone: phone ?? this.state.phone };
    if (next.email === this.state.email && next.phone === this.state.phone) return;
    this.emit(CustomerContactChanged, {
      customerId,
      email: next.email,
      ...(next.phone !== undefined && { phone: next.phone }),
    });
  }

  private changeAddresses({ customerId, shippingAddress, billingAddress }: ChangeCustomer): void {
    const shipping = shippingAddress ?? this.state.shippingAddress;
    const billing = billingAddress ?? this.state.billingAddress;
    if (same(shipping, this.state.shippingAddress) && same(billing, this.state.billingAddress)) return;
    this.emit(CustomerAddressesChanged, {
      customerId,
      ...(shipping && { shippingAddress: shipping }),
      ...(billing && { billingAddress: billing }),
    });
  }

  @Apply(CustomerRegistered) protected registered(event: CustomerRegistered): void {
    const { name, email, phone, vipStatus, shippingAddress, billingAddress } = event;
    Object.assign(this.state, { name, email, phone, vipStatus, shippingAddress, billingAddress });
  }

  @Apply(CustomerRenamed) protected renamed({ name }: CustomerRenamed): void {
    this.state.name = name;
  }

  @Apply(CustomerContactChanged) protected contactChanged({ email, phone }: CustomerContactChanged): void {
    Object.assign(this.state, { email, phone });
  }

  @Apply(CustomerVipStatusChanged) protected vipStatusChanged({ vipStatus }: CustomerVipStatusChanged): void {
    this.state.vipStatus = vipStatus;
  }

  @Apply(CustomerAddressesChanged) protected addressesChanged(event: CustomerAddressesChanged): void {
    const { shippingAddress, billingAddress } = event;
    Object.assign(this.state, { shippingAddress, billingAddress });
  }
}

function same(left: Address | undefined, right: Address | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return (['street', 'city', 'state', 'zipCode', 'country'] as const).every((field) => left[field] === right[field]);
}
