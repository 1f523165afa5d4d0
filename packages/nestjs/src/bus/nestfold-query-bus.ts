import { Injectable } from '@nestjs/common';
import { QueryBus, type MessageOptions, type Query, type ResultOf } from '@nestfold/core';
import { MessageBus } from './message-bus.js';

/** The `QueryBus` of an application: what `@QueryHandler` classes handle. */
@Injectable()
export class NestfoldQueryBus extends QueryBus {
  constructor(private readonly bus: MessageBus) {
    super();
  }

  // `any`: see `QueryBus`.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async execute<Q extends Query<any>>(query: Q, options: MessageOptions = {}): Promise<ResultOf<Q>> {
    return (await this.bus.execute('query', query, options)) as ResultOf<Q>;
  }
}
