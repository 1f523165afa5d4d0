import { Module } from '@nestjs/common';
import { NestfoldModule } from '@nestfold/nestjs';
import { CustomersController } from './api/customers.controller.js';
import { RegisterCustomerHandler } from './commands/register-customer.handler.js';
import { Customer } from './domain/customer.aggregate.js';
import { FindCustomerHandler } from './queries/find-customer.query.js';
import { CustomerRecord } from './read-models/customers/customer-record.read-model.js';
import { CustomersProjection } from './read-models/customers/customers.projection.js';

/** The context of customers: who buys in the shop. */
@Module({
  imports: [NestfoldModule.forFeature({ aggregates: [Customer], readModels: [CustomerRecord] })],
  controllers: [CustomersController],
  providers: [RegisterCustomerHandler, FindCustomerHandler, CustomersProjection],
})
export class CustomersModule {}
