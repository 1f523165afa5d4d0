import { NotFound, Query } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
import { IsId } from '@shop/contracts';
import { CustomerRecord } from '../read-models/customers/customer-record.read-model.js';

/** One customer. Throws `NotFound`. */
export class FindCustomer extends Query<CustomerRecord> {
  @IsId()
  customerId!: string;
}

/** Looks into the customers' accounts. */
@QueryHandler(FindCustomer)
export class FindCustomerHandler {
  constructor(@InjectReadModel(CustomerRecord) private readonly customers: ReadModel<CustomerRecord>) {}

  async execute({ customerId }: FindCustomer): Promise<CustomerRecord> {
    const customer = await this.customers.findById(customerId);
    if (customer === undefined) throw new NotFound('customer', customerId);
    return customer;
  }
}
