import type { ResultOf } from '../message/result.js';
import type { CommandOptions } from './command-options.js';
import type { Command } from './command.js';

/**
 * Brings a command to its one handler and answers what that answers. A class, so that it can be injected by its type.
 * An implementer owes: the handler runs in a `MessageContext` of the command, and its errors are thrown as they are.
 * @publicApi
 */
export abstract class CommandBus {
  // `any`: a result stands in an invariant place, so no other argument accepts every command.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  abstract execute<C extends Command<any>>(command: C, options?: CommandOptions): Promise<ResultOf<C>>;
}
