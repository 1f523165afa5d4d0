import type { Command, Ctor, ResultOf } from '@nestfold/core';
import { writeHandledMessage } from './handler-metadata.js';

/**
 * Makes a provider the one handler of a command. It runs in the command's `MessageContext`, after the command was
 * validated; what it throws reaches the caller. Must be a singleton: what belongs to a request is in `currentContext()`.
 * A handler that would only load, decide and append is not needed: see `@Handle`.
 *
 * @example
 * ```ts
 * @CommandHandler(PlaceOrder)
 * export class PlaceOrderHandler {
 *   constructor(@InjectRepository(Order) private readonly orders: Repository<Order>) {}
 *   async execute(command: PlaceOrder) {
 *     return this.orders.create(command.orderId, (order) => order.place(command));
 *   }
 * }
 * ```
 * @publicApi
 */
// `any` twice: a command's result stands in an invariant place, and dependencies of every kind are injected.
/* eslint-disable @typescript-eslint/no-explicit-any */
export function CommandHandler<C extends Command<any>>(
  command: Ctor<C>,
): <H extends abstract new (...args: any[]) => { execute: (command: C) => Promise<ResultOf<C>> }>(target: H) => void {
  /* eslint-enable @typescript-eslint/no-explicit-any */
  return (target) => writeHandledMessage('command', target, command);
}
