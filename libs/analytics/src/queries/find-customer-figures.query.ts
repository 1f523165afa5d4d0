import { NotFound, Query } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
import { IsId } from '@shop/contracts';
import { CustomerFigures } from '../read-models/activity-figures/customer-figures.read-model.js';

/** What one customer did. Throws `NotFound` for somebody who did nothing yet. */
export class FindCustomerFigures extends Query<CustomerFigures> {
  @IsId()
  customerId!: string;
}

/** Looks into the figures of customers. */
@QueryHandler(FindCustomerFigures)
export class FindCustomerFiguresHandler {
  constructor(@InjectReadModel(CustomerFigures) private readonly customers: ReadModel<CustomerFigures>) {}

  async execute({ customerId }: FindCustomerFigures): Promise<CustomerFigures> {
    const figures = await this.customers.findById(customerId);
    if (figures === undefined) throw new NotFound('customer', customerId);
    return figures;
  }
}
