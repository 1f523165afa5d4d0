import { Injectable } from '@nestjs/common';
import { InjectReadModel } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
import { setTimeout as pause } from 'node:timers/promises';
import type { OrderingCustomer } from '../../domain/ordering-customer.js';
import type { Quote } from '../../domain/quote.js';
import { Customers } from '../../ports/customers.port.js';
import { Prices } from '../../ports/prices.port.js';
import { CustomerCard, ProductCard } from './cards.read-model.js';

const PATIENCE_MS = 1_000;
const PAUSE_MS = 25;

/**
 * Prices by the context's own cards. A product that was listed a moment ago may not have its card yet, so an unknown one is
 * looked for again for a second before it counts as unknown.
 */
@Injectable()
export class PricesFromCards extends Prices {
  constructor(@InjectReadModel(ProductCard) private readonly cards: ReadModel<ProductCard>) {
    super();
  }

  async quote(productIds: readonly string[]): Promise<ReadonlyMap<string, Quote>> {
    const wanted = [...new Set(productIds)];
    const quotes = new Map<string, Quote>();
    await patiently(async () => {
      const missing = wanted.filter((id) => !quotes.has(id));
      if (missing.length === 0) return true;
      for (const { _id: productId, price, forSale } of await this.cards.find({ where: { _id: { in: missing } } })) {
        quotes.set(productId, { productId, price, forSale });
      }
      return quotes.size === wanted.length;
    });
    return quotes;
  }
}

/** Customers by the context's own cards, looked for in the same way. */
@Injectable()
export class CustomersFromCards extends Customers {
  constructor(@InjectReadModel(CustomerCard) private readonly cards: ReadModel<CustomerCard>) {
    super();
  }

  async find(customerId: string): Promise<OrderingCustomer | undefined> {
    let card: CustomerCard | undefined;
    await patiently(async () => (card = await this.cards.findById(customerId)) !== undefined);
    return card && { customerId, shippingAddress: card.shippingAddress, billingAddress: card.billingAddress };
  }
}

async function patiently(found: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await found()) && Date.now() < deadline) await pause(PAUSE_MS);
}
