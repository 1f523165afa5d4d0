import type { Quote } from '../domain/quote.js';

/**
 * What products cost, by the shop's own word: prices are never taken from a caller. An implementer owes a quote for every
 * product that exists; an unknown one is missing in the answer. An abstract class, so that it can be injected by its type.
 */
export abstract class Prices {
  abstract quote(productIds: readonly string[]): Promise<ReadonlyMap<string, Quote>>;
}
