import { Repository, type CommandReceipt } from '@nestfold/core';
import { CommandHandler, InjectRepository } from '@nestfold/nestjs';
import { newId } from '@shop/platform';
import { Customer } from '../domain/customer.aggregate.js';
import { RegisterCustomer } from './register-customer.command.js';

/** Makes the customer's id where none is given, the same at each repetition. */
@CommandHandler(RegisterCustomer)
export class RegisterCustomerHandler {
  constructor(@InjectRepository(Customer) private readonly customers: Repository<Customer>) {}

  async execute(command: RegisterCustomer): Promise<CommandReceipt> {
    const customerId = command.customerId ?? newId('customer');
    return this.customers.create(customerId, (customer) => customer.register(customerId, command));
  }
}
