import { expectTypeOf } from 'vitest';
import type { ResultOf } from '../message/result.js';
import type { QueryBus } from '../query/query-bus.port.js';
import { Query } from '../query/query.js';
import type { CommandBus } from './command-bus.port.js';
import type { CommandReceipt } from './command-receipt.js';
import { Command } from './command.js';

class CancelOrder extends Command {
  orderId!: string;
  reason!: string;
  note?: string;
}
class ImportOrders extends Command<number> {
  file!: string;
}
class FindOrder extends Query<{ total: string } | undefined> {
  orderId!: string;
}

CancelOrder.of({ orderId: '1', reason: 'r' });
// @ts-expect-error all fields are asked for
CancelOrder.of({ orderId: '1' });
// @ts-expect-error a wrong type
CancelOrder.of({ orderId: 1, reason: 'r' });
// @ts-expect-error a field that the command does not have
CancelOrder.of({ orderId: '1', reason: 'r', extra: 1 });

expectTypeOf<ResultOf<CancelOrder>>().toEqualTypeOf<CommandReceipt>();
expectTypeOf<ResultOf<ImportOrders>>().toEqualTypeOf<number>();
expectTypeOf<ResultOf<FindOrder>>().toEqualTypeOf<{ total: string } | undefined>();

declare const commands: CommandBus;
declare const queries: QueryBus;
export const receipt: Promise<CommandReceipt> = commands.execute(CancelOrder.of({ orderId: '', reason: '' }));
// @ts-expect-error a receipt is no string
export const text: Promise<string> = commands.execute(CancelOrder.of({ orderId: '', reason: '' }));
export const count: Promise<number> = commands.execute(ImportOrders.of({ file: '' }));
export const order: Promise<{ total: string } | undefined> = queries.execute(FindOrder.of({ orderId: '' }));
// @ts-expect-error the question answers an order
export const wrong: Promise<number> = queries.execute(FindOrder.of({ orderId: '' }));
// @ts-expect-error a question is no command
void commands.execute(FindOrder.of({ orderId: '' }));
// @ts-expect-error a command is no question
void queries.execute(CancelOrder.of({ orderId: '', reason: '' }));
