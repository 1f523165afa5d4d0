import type { Ctor, Query, ResultOf } from '@nestfold/core';
import { writeHandledMessage } from './handler-metadata.js';

/**
 * Makes a provider the one handler of a query. It runs after the query was validated; what it throws reaches the caller. Must be a singleton.
 *
 * @example
 * ```ts
 * @QueryHandler(FindOrder)
 * export class FindOrderHandler {
 *   constructor(@InjectReadModel(OrderView) private readonly orders: ReadModel<OrderView>) {}
 *   async execute({ orderId }: FindOrder) { return this.orders.findById(orderId); }
 * }
 * ```
 * @publicApi
 */
// `any` twice: a query's result stands in an invariant place, and dependencies of every kind are injected.
/* eslint-disable @typescript-eslint/no-explicit-any */
export function QueryHandler<Q extends Query<any>>(
  query: Ctor<Q>,
): <H extends abstract new (...args: any[]) => { execute: (query: Q) => Promise<ResultOf<Q>> }>(target: H) => void {
  /* eslint-enable @typescript-eslint/no-explicit-any */
  return (target) => writeHandledMessage('query', target, query);
}
