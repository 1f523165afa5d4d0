import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { IsString, ValidateNested } from 'class-validator';
import {
  Aggregate,
  AggregateRoot,
  Command,
  Handle,
  ProcessManager,
  Query,
  Repository,
  StartOn,
  type Process,
} from '@nestfold/core';
import { type ReadModel } from '@nestfold/projections';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InjectReadModel, InjectRepository, QueryHandler, type NestfoldOptions } from '../index.js';
import { FindOrder, Order, OrderPlaced, OrderState, OrderView } from '../shop.fixture.js';
import { connect, problemsOf } from './problems-of.fixture.js';

afterEach(() => {
  expect(connect).not.toHaveBeenCalled();
  vi.clearAllMocks();
});

describe('start', () => {
  it('refuses what is injected but not registered, and models that nothing writes', async () => {
    @Injectable()
    class Reader {
      constructor(
        @InjectRepository(Order) readonly orders: Repository<Order>,
        @InjectReadModel(OrderView) readonly views: ReadModel<OrderView>,
      ) {}
    }
    expect(await problemsOf({ providers: [Reader] })).toEqual([
      expect.stringContaining('Reader injects the repository of Order, which is not registered'),
      expect.stringContaining('Reader injects the read model OrderView, which is not registered'),
    ]);
    expect(await problemsOf({ feature: { readModels: [OrderView] } })).toEqual([
      expect.stringContaining('No projection writes the read model OrderView'),
    ]);
  });

  it('says that it does not run process managers', async () => {
    @ProcessManager('fulfilment', { version: 1, state: OrderState })
    class Fulfilment {
      @StartOn(OrderPlaced, { id: (event) => event.orderId })
      start(_event: OrderPlaced, process: Process<OrderState>) {
        return process.set({ status: 'begun' });
      }
    }
    expect(await problemsOf({ providers: [Fulfilment] })).toEqual([
      expect.stringContaining('Fulfilment is a process manager, which this version cannot run yet'),
    ]);
  });

  it('refuses messages whose parts would not be checked', async () => {
    class Part {
      @IsString() name!: string;
    }
    class Untyped extends Command {
      @IsString() id!: string;
      @ValidateNested() part!: Part;
    }
    class Unchecked extends Query<string> {
      @IsString({ each: true }) part!: Part;
    }
    @Aggregate('part', { state: OrderState, events: [] })
    class Parted extends AggregateRoot<OrderState> {
      @Handle(Untyped, { id: 'id' })
      handle(_command: Untyped): void {}
    }
    @QueryHandler(Unchecked)
    class Handler {
      async execute() {
        return '';
      }
    }
    expect(await problemsOf({ providers: [Handler], feature: { aggregates: [Parted] } })).toEqual([
      expect.stringContaining('Untyped.part bears @ValidateNested without @Type'),
      expect.stringContaining('Unchecked.part is a Part, whose rules are not asked'),
    ]);
  });

  it('refuses unfit options', async () => {
    const options = {
      store: undefined,
      roles: [],
      drainMs: -1,
      build: '',
      engine: { attempts: 1.5 },
    } as unknown as NestfoldOptions;
    expect(await problemsOf({ options })).toHaveLength(5);
  });

  // Started with these, a process asked the store without a pause, or took each call of a handler for one that takes too long: a timer of more than 24 days ends at once.
  it('refuses numbers with which it would spin, or do nothing [S-1]', async () => {
    const engine = { heartbeatMs: 0, leasePollMs: 0, attempts: 0, handlerTimeoutMs: 3_000_000_000 };
    expect(await problemsOf({ options: { engine } })).toEqual([
      expect.stringContaining('engine.heartbeatMs 0: use a whole number from 1 to 2147483647'),
      expect.stringContaining('engine.leasePollMs 0: use a whole number from 1 to 2147483647'),
      expect.stringContaining('engine.attempts 0: use a whole number from 1.'),
      expect.stringContaining('engine.handlerTimeoutMs 3000000000: use a whole number from 1 to 2147483647'),
    ]);
    const fit = { versionKeepMs: 2_592_000_000, loadThreads: 0, graceMs: 0 };
    expect(await problemsOf({ options: { engine: fit, build: '' } })).toHaveLength(1);
  });

  it('reports a class that a cycle of imports left undefined', async () => {
    @QueryHandler(FindOrder)
    class Handler {
      async execute() {
        return undefined;
      }
    }
    Reflect.defineMetadata('nestfold:query-handler', undefined, Handler);
    expect(
      await problemsOf({ providers: [Handler], feature: { aggregates: [undefined as unknown as typeof Order] } }),
    ).toEqual([
      expect.stringContaining('an aggregate that is undefined'),
      expect.stringContaining('@QueryHandler of Handler names no class'),
    ]);
  });
});
