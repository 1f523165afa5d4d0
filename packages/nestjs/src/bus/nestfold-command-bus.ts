import { Injectable } from '@nestjs/common';
import { CommandBus, type Command, type CommandOptions, type ResultOf } from '@nestfold/core';
import { MessageBus } from './message-bus.js';

/** The `CommandBus` of an application: what `@CommandHandler` classes and the aggregates' `@Handle` methods handle. */
@Injectable()
export class NestfoldCommandBus extends CommandBus {
  constructor(private readonly bus: MessageBus) {
    super();
  }

  // `any`: see `CommandBus`.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async execute<C extends Command<any>>(command: C, options: CommandOptions = {}): Promise<ResultOf<C>> {
    return (await this.bus.execute('command', command, options)) as ResultOf<C>;
  }
}
