import { DomainEvent } from '@nestfold/core';
import type { Money } from '@shop/contracts';

/**
 * A customer has bought: the orders' `order.placed`, as far as it is read here. Stated by its reader, since the orders keep the class to themselves:
 * between contexts the event's name, its version and these fields are the contract, and what else a message holds is passed over.
 */
@DomainEvent('order.placed')
export class OrderPlaced {
  customerId!: string;
  totals!: { readonly total: Money };
}
