import { Injectable, Module } from '@nestjs/common';
import { Repository } from '@nestfold/core';
import { InjectRepository, NestfoldModule } from '@nestfold/nestjs';
import { sampleCustomers } from './sample-customers.js';
import { StandInCustomer } from './stand-in-customer.aggregate.js';

/** States what the context of customers would: who has an account. */
@Injectable()
export class CustomersStandIn {
  constructor(@InjectRepository(StandInCustomer) private readonly customers: Repository<StandInCustomer>) {}

  /** Registers the samples, each once however often it is asked to. Answers their ids. */
  async state(): Promise<readonly string[]> {
    for (const customer of sampleCustomers)
      await this.customers.save(customer.customerId, (account) => account.register(customer));
    return sampleCustomers.map(({ customerId }) => customerId);
  }
}

/** Brings the stand-in where the context of customers is not part of the application. */
@Module({
  imports: [NestfoldModule.forFeature({ aggregates: [StandInCustomer] })],
  providers: [CustomersStandIn],
  exports: [CustomersStandIn],
})
export class CustomersStandInModule {}
