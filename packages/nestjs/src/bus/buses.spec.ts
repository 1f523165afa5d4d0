import 'reflect-metadata';
import { Injectable, Module, type OnModuleInit, type Provider } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  bodyHashOf,
  Command,
  commandIdOf,
  CommandBus,
  createMessageContext,
  Decimal,
  isInvalidMessage,
  isStreamConflict,
  QueryBus,
  runInContext,
  type CommandReceipt,
} from '@nestfold/core';
import { Type } from 'class-transformer';
import { IsDefined, ValidateNested } from 'class-validator';
import { afterEach, describe, expect, it } from 'vitest';
import {
  CommandHandler,
  EventsHandler,
  inMemory,
  Nestfold,
  NestfoldModule,
  Query,
  type NestfoldOptions,
} from '../index.js';
import {
  CancelOrder,
  FindOrder,
  FindOrderHandler,
  Order,
  OrderLine,
  OrderMails,
  OrderPlaced,
  OrderView,
  OrderViewProjection,
  PlaceOrder,
  PlaceOrderHandler,
  Touch,
  TouchHandler,
} from '../shop.fixture.js';

const feature = NestfoldModule.forFeature({ aggregates: [Order], readModels: [OrderView] });
const providers = [PlaceOrderHandler, TouchHandler, OrderViewProjection, FindOrderHandler, OrderMails];

let module: TestingModule | undefined;
afterEach(() => module?.close());

async function start(options: Partial<NestfoldOptions> = {}, more: Provider[] = []) {
  module = await Test.createTestingModule({
    imports: [NestfoldModule.forRoot({ store: inMemory(), ...options }), feature],
    providers: [...providers, ...more],
  }).compile();
  await module.init();
  return { commands: module.get(CommandBus), queries: module.get(QueryBus), nestfold: module.get(Nestfold), module };
}

const place = (orderId = '1', customer = 'c'): PlaceOrder =>
  PlaceOrder.of({ orderId, customer, lines: [{ sku: 's', quantity: 1 }] });

// Each removed once, each makes a case fail: the body's hash, the principal in the command id, the stated version that a repository
// takes, the ids derived from the surrounding message, and the values that class-transformer does not see.
describe('CommandBus', () => {
  it('brings a command to its handler class and to an aggregate’s own method, and events to projections and handlers', async () => {
    const { commands, queries, nestfold, module } = await start();
    expect(await commands.execute(place())).toMatchObject({ id: '1', version: 1, repeated: false });
    expect(await commands.execute(CancelOrder.of({ orderId: '1', reason: 'r' }))).toMatchObject({
      id: '1',
      version: 2,
    });
    await nestfold.settled();
    expect(await queries.execute(FindOrder.of({ orderId: '1' }))).toMatchObject({ customer: 'c', status: 'cancelled' });
    expect(module.get(OrderMails).sent).toEqual(['1 1']);
  });

  it('lists everything that is wrong with a command and does not run its handler [W-21]', async () => {
    const { commands, module } = await start();
    const error = await commands
      .execute(PlaceOrder.of({ orderId: '', customer: 'x'.repeat(21), lines: [{ sku: '', quantity: 0 }] }))
      .catch((reason: unknown) => reason);
    if (!isInvalidMessage(error)) throw error;
    expect(error.problems.map(({ path }) => path)).toEqual([
      'orderId',
      'customer',
      'lines[0].sku',
      'lines[0].quantity',
    ]);
    expect(module.get(PlaceOrderHandler).seen).toBeUndefined();
  });

  it('refuses fields that the class does not have [H-6]', async () => {
    const { commands } = await start();
    await expect(commands.execute(Object.assign(place(), { admin: true }))).rejects.toThrow(
      'property admin should not exist',
    );
  });

  it('gives parts that were plain objects their classes', async () => {
    const { commands, module } = await start();
    await commands.execute(place());
    expect(module.get(PlaceOrderHandler).seen?.lines[0]?.constructor.name).toBe('OrderLine');
  });

  it('leaves values with methods as they are', async () => {
    class Pay extends Command<Decimal> {
      @IsDefined() amount!: Decimal;
      @ValidateNested() @Type(() => OrderLine) line!: OrderLine;
    }
    @CommandHandler(Pay)
    class PayHandler {
      async execute({ amount }: Pay) {
        return amount;
      }
    }
    const { commands } = await start({}, [PayHandler]);
    const amount = Decimal.of('12.50');
    // class-transformer would call the constructor of Decimal without arguments.
    expect(await commands.execute(Pay.of({ amount, line: { sku: 's', quantity: 1 } }))).toBe(amount);
  });

  it('says what to do for an unknown command and for something that is none', async () => {
    const { commands, queries } = await start();
    class Unknown extends Touch {}
    await expect(commands.execute(Unknown.of({ orderId: '' }))).rejects.toThrow(
      /Nothing handles the command Unknown: add a class with @CommandHandler\(Unknown\)/,
    );
    const plain: object = { orderId: '1' };
    await expect(commands.execute(plain)).rejects.toThrow('something that is no command');
    await expect(commands.execute(undefined as unknown as Touch)).rejects.toThrow('something that is no command');
    class Unasked extends Query<string> {}
    await expect(queries.execute(Unasked.of({}))).rejects.toThrow('@QueryHandler(Unasked)');
  });

  it('takes a keyed command once for each principal, and refuses the key for another body [W-5, W-6]', async () => {
    const { commands, nestfold } = await start();
    const { position, ...first } = await commands.execute(place(), { key: 'k', actor: { id: 'anna' } });
    const again = await commands.execute(place(), { key: 'k', actor: { id: 'anna' } });
    expect(again).toEqual({ ...first, position: again.position, repeated: true });
    // When it became visible is not stored: its own time is.
    expect(again.position < position).toBe(true);
    await expect(commands.execute(place('1', 'other'), { key: 'k', actor: { id: 'anna' } })).rejects.toMatchObject({
      code: 'command.key-reused',
    });
    await expect(commands.execute(place(), { key: 'k', actor: { id: 'bert' } })).rejects.toSatisfy(isStreamConflict);
    const commit = await nestfold.connection.events.head('order-1');
    expect(commit).toMatchObject({
      keyed: true,
      bodyHash: bodyHashOf(place()),
      metadata: { actor: { id: 'anna' }, causationId: commandIdOf('anna', 'PlaceOrder', 'k') },
    });
  });

  it('guards the first write with the version that the caller states, in handler classes and in aggregates', async () => {
    const { commands } = await start();
    await expect(commands.execute(place(), { expectedVersion: 4 })).rejects.toMatchObject({
      code: 'stream.conflict',
      actual: 0,
    });
    await commands.execute(place(), { expectedVersion: 0 });
    await expect(commands.execute(CancelOrder.of({ orderId: '1' }), { expectedVersion: 2 })).rejects.toMatchObject({
      code: 'stream.conflict',
      expected: { kind: 'stated', version: 2 },
    });
    expect(await commands.execute(CancelOrder.of({ orderId: '1' }), { expectedVersion: 1 })).toMatchObject({
      version: 2,
    });
  });

  it.each([
    { key: '' },
    { key: 'x'.repeat(201) },
    { key: 'a\nb' },
    { correlationId: '\u0000' },
    { expectedVersion: -1 },
    { expectedVersion: 1.5 },
  ])('refuses the option %o', async (options) => {
    const { commands } = await start();
    await expect(commands.execute(place(), options)).rejects.toSatisfy(isInvalidMessage);
  });

  it('refuses a command without the id of its aggregate', async () => {
    const { commands } = await start();
    await expect(commands.execute(CancelOrder.of({ orderId: undefined as unknown as string }))).rejects.toSatisfy(
      isInvalidMessage,
    );
    await expect(commands.execute(CancelOrder.of({ orderId: 'missing' }))).rejects.toMatchObject({
      code: 'aggregate.not-found',
    });
  });

  it('carries the conversation on into the commands that a handling executes, with ids that a repetition gets again', async () => {
    const { commands } = await start();
    const run = (): Promise<string[]> => {
      const context = createMessageContext({
        messageId: 'd5df1198-4003-5e32-90d0-55024ddc09fa',
        messageType: 'Test',
        keyed: true,
        correlationId: 'talk',
        actor: { id: 'anna' },
      });
      return runInContext(context, () =>
        Promise.all([commands.execute(Touch.of({ orderId: '1' })), commands.execute(Touch.of({ orderId: '2' }))]),
      );
    };
    const [first, second] = await run();
    expect(JSON.parse(first ?? '')).toMatchObject({ correlationId: 'talk', principal: 'anna' });
    expect(second).not.toBe(first);
    expect(await run()).toEqual([first, second]);
  });
});

describe('an events handler that executes a command', () => {
  // Without ids derived from the event, the second delivery would be refused by the rule, for ever.
  it('changes things once though its event is delivered twice, and names the event as the cause [E-2]', async () => {
    const receipts: CommandReceipt[] = [];
    @EventsHandler(OrderPlaced, { name: 'cancel-at-once', startFrom: 'beginning' })
    class CancelAtOnce {
      constructor(private readonly commands: CommandBus) {}
      async handle({ orderId }: OrderPlaced) {
        receipts.push(await this.commands.execute(CancelOrder.of({ orderId, reason: `attempt ${receipts.length}` })));
        if (receipts.length === 1) throw new Error('a crash after the work was done');
      }
    }
    const { commands, nestfold } = await start({ engine: { backoffMs: 1 } }, [CancelAtOnce]);
    await commands.execute(place(), { actor: { id: 'anna' }, correlationId: 'talk' });
    await nestfold.settled();
    expect(receipts).toMatchObject([
      { version: 2, repeated: false },
      { version: 2, repeated: true },
    ]);
    const head = await nestfold.connection.events.head('order-1');
    expect(head?.metadata).toMatchObject({ causationId: 'order-1:1', correlationId: 'talk', actor: { id: 'anna' } });
  });
});

describe('roles', () => {
  it('decide which messages this process takes and what its engine does [S-6]', async () => {
    const { commands, queries, nestfold } = await start({ roles: ['queries', 'projections'] });
    await expect(commands.execute(place())).rejects.toMatchObject({ code: 'role.missing', retry: 'later' });
    await nestfold.repository(Order).create('1', (order) => order.place(place()));
    await nestfold.settled();
    expect(await queries.execute(FindOrder.of({ orderId: '1' }))).toMatchObject({ status: 'placed' });
    expect(await nestfold.connection.nodes.list()).toEqual([
      expect.objectContaining({ roles: ['queries', 'projections'], commands: [], projections: { 'order-view': 1 } }),
    ]);
  });

  it('let events handlers of other processes be', async () => {
    const { commands, nestfold, module } = await start({ roles: ['commands', 'projections'] });
    await commands.execute(place());
    await nestfold.settled();
    expect(module.get(OrderMails).sent).toEqual([]);
  });
});

describe('what is injected', () => {
  it('works from onModuleInit on, in any module', async () => {
    @Injectable()
    class Seeder implements OnModuleInit {
      receipt?: CommandReceipt;
      constructor(private readonly commands: CommandBus) {}
      async onModuleInit(): Promise<void> {
        this.receipt = await this.commands.execute(place('seed'));
      }
    }
    @Module({ providers: [Seeder] })
    class SeedModule {}
    module = await Test.createTestingModule({
      imports: [SeedModule, NestfoldModule.forRoot({ store: inMemory() }), feature],
      providers,
    }).compile();
    await module.init();
    expect(module.get(Seeder).receipt).toMatchObject({ id: 'seed', version: 1 });
  });

  it('says so when it is used too early', async () => {
    module = await Test.createTestingModule({
      imports: [NestfoldModule.forRoot({ store: inMemory() }), feature],
      providers,
    }).compile();
    await expect(module.get(CommandBus).execute(place())).rejects.toThrow('Nestfold has not started yet');
    expect(module.get(Nestfold).readiness()).toEqual({ ready: false, reasons: ['the application is starting'] });
  });
});
