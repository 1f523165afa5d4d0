// The public surface of @shop/customers, listed by hand.
export { CustomersModule } from './customers.module.js';
export { ChangeCustomer } from './commands/change-customer.command.js';
export { RegisterCustomer } from './commands/register-customer.command.js';
export { FindCustomer } from './queries/find-customer.query.js';
export { CustomerRecord } from './read-models/customers/customer-record.read-model.js';
