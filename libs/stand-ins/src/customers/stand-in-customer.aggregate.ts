import { Aggregate, AggregateRoot, Apply, type Data } from '@nestfold/core';
import { CustomerRegistered } from '@shop/contracts';

class StandInCustomerState {
  isRegistered = false;
}

/** A customer of whom somebody else keeps the account. */
@Aggregate('customer', { state: StandInCustomerState, events: [CustomerRegistered] })
export class StandInCustomer extends AggregateRoot<StandInCustomerState> {
  /** Nothing happens where they are registered already. */
  register(customer: Data<CustomerRegistered>): void {
    if (!this.state.isRegistered) this.emit(CustomerRegistered, customer);
  }

  @Apply(CustomerRegistered) protected registered(): void {
    this.state.isRegistered = true;
  }
}
