import { Command, Query, Repository, type CommandReceipt, type HandlerContext } from '@nestfold/core';
import type { ReadModel } from '@nestfold/projections';
import {
  CommandHandler,
  EventsHandler,
  InjectReadModel,
  InjectRepository,
  QueryHandler,
  type CommandBus,
  type QueryBus,
} from './index.js';
import { CancelOrder, FindOrder, Order, OrderCancelled, OrderPlaced, OrderView, PlaceOrder } from './shop.fixture.js';

// Compile-time tests: each wrong twin must be refused.
class CustomerCard {
  _id!: string;
  name!: string;
}
class FindCustomer extends Query<CustomerCard | undefined> {
  customerId!: string;
}
class Price extends Command<number> {
  sku!: string;
}

@CommandHandler(Price)
class PriceHandler {
  constructor(
    @InjectRepository(Order) readonly orders: Repository<Order>,
    readonly label: string,
    @InjectReadModel(OrderView) readonly views: ReadModel<OrderView>,
  ) {}
  async execute(command: Price) {
    return command.sku.length;
  }
}
// @ts-expect-error the handler's result is the command's
@CommandHandler(PlaceOrder)
class WrongResult {
  async execute(command: PlaceOrder) {
    return command.orderId;
  }
}
// @ts-expect-error a handler is asynchronous
@CommandHandler(Price)
class Synchronous {
  execute(command: Price) {
    return command.sku.length;
  }
}
// @ts-expect-error another command's fields
@CommandHandler(Price)
class OtherCommand {
  async execute(command: CancelOrder) {
    return command.orderId.length;
  }
}
// @ts-expect-error no method execute
@CommandHandler(Price)
class Empty {}
// @ts-expect-error a query has no command handler
@CommandHandler(FindOrder)
class QueryAsCommand {
  async execute() {
    return undefined;
  }
}
// @ts-expect-error a command has no query handler
@QueryHandler(Price)
class CommandAsQuery {
  async execute() {
    return 1;
  }
}
// @ts-expect-error the handler's result is the query's
@QueryHandler(FindOrder)
class WrongAnswer {
  async execute() {
    return 5;
  }
}

class WrongRepository {
  // @ts-expect-error the repository of another class
  constructor(@InjectRepository(Order) readonly orders: Repository<CustomerCard>) {}
}
class NoRepository {
  // @ts-expect-error a repository is no read model
  constructor(@InjectRepository(Order) readonly orders: ReadModel<OrderView>) {}
}
class WrongReader {
  // @ts-expect-error another read model
  constructor(@InjectReadModel(OrderView) readonly orders: ReadModel<CustomerCard>) {}
}

// @ts-expect-error name and start are part of the contract
@EventsHandler(OrderPlaced)
class Nameless {
  async handle(event: OrderPlaced) {
    void event;
  }
}
// @ts-expect-error one of two events
@EventsHandler(OrderPlaced, OrderCancelled, { name: 'half', startFrom: 'now' })
class Half {
  async handle(event: OrderCancelled, context: HandlerContext) {
    void event.reason;
    void context;
  }
}

declare const commands: CommandBus;
declare const queries: QueryBus;
export const receipt: Promise<CommandReceipt> = commands.execute(CancelOrder.of({ orderId: '1' }), {
  key: 'k',
  expectedVersion: 1,
});
export const price: Promise<number> = commands.execute(Price.of({ sku: '' }));
export const found: Promise<CustomerCard | undefined> = queries.execute(FindCustomer.of({ customerId: '' }));
// @ts-expect-error a receipt is no text
export const text: Promise<string> = commands.execute(CancelOrder.of({ orderId: '1' }));
// @ts-expect-error a query is no command
void commands.execute(FindCustomer.of({ customerId: '' }));
// @ts-expect-error a command is no query
void queries.execute(Price.of({ sku: '' }));
// @ts-expect-error a version is a number
void commands.execute(Price.of({ sku: '' }), { expectedVersion: '1' });

export {
  CommandAsQuery,
  Empty,
  Half,
  Nameless,
  NoRepository,
  OtherCommand,
  PriceHandler,
  QueryAsCommand,
  Synchronous,
  WrongAnswer,
  WrongReader,
  WrongRepository,
  WrongResult,
};
