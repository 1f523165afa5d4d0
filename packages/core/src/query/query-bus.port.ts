import type { MessageOptions } from '../command/command-options.js';
import type { ResultOf } from '../message/result.js';
import type { Query } from './query.js';

/**
 * Brings a query to its one handler and answers what that answers. A class, so that it can be injected by its type.
 * @publicApi
 */
export abstract class QueryBus {
  // `any`: as for commands, no other argument accepts every query.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  abstract execute<Q extends Query<any>>(query: Q, options?: MessageOptions): Promise<ResultOf<Q>>;
}
