import 'reflect-metadata';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  CommandBus,
  ConfigurationError,
  inMemory,
  StoreUnavailable,
  systemEnvironment,
  type Environment,
  type StoreAdapter,
  type StoreConnection,
} from '@nestfold/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CommandHandler, Nestfold, NestfoldHealth, NestfoldModule, type NestfoldOptions } from '../index.js';
import { NestfoldLifecycle } from './nestfold-lifecycle.js';
import {
  FindOrderHandler,
  Order,
  OrderMails,
  OrderView,
  OrderViewProjection,
  PlaceOrder,
  PlaceOrderHandler,
  Touch,
} from '../shop.fixture.js';

let module: TestingModule | undefined;
afterEach(async () => {
  await module?.close();
  module = undefined;
});

/** An in-memory store whose life is written down. */
function watched(
  log: string[],
  change: (connection: StoreConnection) => Partial<StoreConnection> = () => ({}),
): StoreAdapter {
  const inner = inMemory();
  return {
    kind: 'watched',
    connect: async (options) => {
      log.push('connect');
      const connection = await inner.connect(options);
      const close = async (): Promise<void> => {
        log.push('close');
        await connection.close();
      };
      return { ...connection, ...change(connection), close };
    },
  };
}

/** Real time, but no pause is longer than a moment. */
const hurried: Environment = { ...systemEnvironment, sleep: (_ms, signal) => systemEnvironment.sleep(1, signal) };

async function create(
  options: NestfoldOptions,
  providers: (new (...args: never[]) => object)[] = [],
): Promise<TestingModule> {
  module = await Test.createTestingModule({
    imports: [
      NestfoldModule.forRoot(options),
      NestfoldModule.forFeature({ aggregates: [Order], readModels: [OrderView] }),
    ],
    providers: [PlaceOrderHandler, OrderViewProjection, FindOrderHandler, OrderMails, ...providers],
  }).compile();
  return module;
}

// Each removed once, each makes a case fail: closing after a failed start, and trying again only where the store does not answer.
describe('the start', () => {
  it('tries again while the store does not answer [S-3]', async () => {
    let attempts = 0;
    const inner = inMemory();
    const store: StoreAdapter = {
      kind: 'late',
      connect: async (options) => {
        attempts += 1;
        if (attempts < 4) throw new StoreUnavailable('not yet');
        return inner.connect(options);
      },
    };
    const module = await create({ store, environment: hurried });
    await module.init();
    expect(attempts).toBe(4);
    expect(module.get(Nestfold).readiness().reasons).not.toContain('the application is starting');
  });

  it('gives up when its time is over [S-3]', async () => {
    const store: StoreAdapter = { kind: 'away', connect: async () => Promise.reject(new StoreUnavailable('away')) };
    await expect((await create({ store, connectWithinMs: 0 })).init()).rejects.toThrow('away');
  });

  it('does not try again where the store says what is wrong [S-2]', async () => {
    const connect = vi.fn(async () =>
      Promise.reject(new ConfigurationError('no replica set: start mongod with --replSet')),
    );
    await expect((await create({ store: { kind: 'standalone', connect } })).init()).rejects.toThrow('no replica set');
    expect(connect).toHaveBeenCalledTimes(1);
  });

  it('closes the store when it fails after connecting', async () => {
    const log: string[] = [];
    const store = watched(log, ({ nodes }) => ({
      nodes: Object.assign(Object.create(nodes) as typeof nodes, {
        beat: async () => Promise.reject(new ConfigurationError('a right is missing')),
      }),
    }));
    await expect((await create({ store })).init()).rejects.toThrow('a right is missing');
    expect(log).toEqual(['connect', 'close']);
  });

  // Where the engine's start did not hear of the stop, the application ran on without a store.
  it('ends with a shutdown that comes meanwhile, and leaves nothing open', async () => {
    const log: string[] = [];
    let reached = (): void => undefined;
    const starting = new Promise<void>((resolve) => (reached = resolve));
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const store = watched(log, ({ nodes }) => ({
      nodes: Object.assign(Object.create(nodes) as typeof nodes, {
        beat: async (node: Parameters<typeof nodes.beat>[0]) => {
          reached();
          await gate;
          await nodes.beat(node);
        },
      }),
    }));
    const module = await create({ store });
    const failure = module.init().catch((error: unknown) => error);
    await starting;
    // As a version of Nest calls them whose `close` does not wait for `init`.
    const lifecycle = module.get(NestfoldLifecycle, { strict: false });
    lifecycle.onModuleDestroy();
    const ending = lifecycle.beforeApplicationShutdown();
    goOn();
    expect(await failure).toMatchObject({ code: 'engine.stopped' });
    await ending;
    await lifecycle.onApplicationShutdown();
    expect(log).toEqual(['connect', 'close']);
    expect(module.get(Nestfold).readiness().ready).toBe(false);
  });

  it('becomes ready once the projections are live [S-5]', async () => {
    const module = await create({ store: inMemory() });
    await module.init();
    await vi.waitFor(
      async () => expect(await module.get(NestfoldHealth).isReady()).toEqual({ ready: true, reasons: [] }),
      10_000,
    );
  });
});

describe('NestfoldHealth', () => {
  it('is not ready while the store does not answer, or hangs [S-5]', async () => {
    let ping: () => Promise<void> = async () => {};
    const module = await create({
      store: watched([], () => ({ ping: () => ping() })),
      environment: {
        ...systemEnvironment,
        sleep: (ms, signal) => systemEnvironment.sleep(ms === 2_000 ? 1 : ms, signal),
      },
    });
    await module.init();
    const health = module.get(NestfoldHealth);
    await vi.waitFor(async () => expect(await health.isReady()).toMatchObject({ ready: true }), 10_000);
    ping = async () => Promise.reject(new StoreUnavailable('away'));
    expect(await health.isReady()).toEqual({ ready: false, reasons: ['the store does not answer'] });
    ping = () => new Promise(() => {});
    expect(await health.isReady()).toEqual({ ready: false, reasons: ['the store does not answer'] });
  });
});

describe('the end', () => {
  // Removed once, each protection makes this fail: the gate's wait, and its refusal.
  it('lets messages in flight end, takes no more, and closes the store last [S-4]', async () => {
    const log: string[] = [];
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    @CommandHandler(Touch)
    class Slow {
      constructor(private readonly commands: CommandBus) {}
      async execute({ orderId }: Touch) {
        await held;
        // What a message in flight needs to end is still taken.
        await this.commands.execute(PlaceOrder.of({ orderId, customer: 'c', lines: [{ sku: 's', quantity: 1 }] }));
        log.push('handled');
        return 'done';
      }
    }
    const module = await create({ store: watched(log) }, [Slow]);
    await module.init();
    const commands = module.get(CommandBus);
    const inFlight = commands.execute(Touch.of({ orderId: '1' }));
    const closing = module.close();
    await vi.waitFor(
      () =>
        expect(module.get(Nestfold).readiness()).toEqual({
          ready: false,
          reasons: ['the application is shutting down'],
        }),
      10_000,
    );
    await vi.waitFor(
      () =>
        expect(commands.execute(Touch.of({ orderId: '2' }))).rejects.toMatchObject({
          code: 'shutting-down',
          retry: 'later',
        }),
      10_000,
    );
    expect(log).toEqual(['connect']);
    release();
    expect(await inFlight).toBe('done');
    await closing;
    expect(log).toEqual(['connect', 'handled', 'close']);
    expect(module.get(Nestfold).readiness()).toEqual({ ready: false, reasons: ['the application has stopped'] });
    await expect(commands.execute(Touch.of({ orderId: '3' }))).rejects.toThrow();
  });

  it('does not wait for ever [S-4]', async () => {
    @CommandHandler(Touch)
    class Stuck {
      execute(_command: Touch): Promise<string> {
        return new Promise(() => {});
      }
    }
    const log: string[] = [];
    const module = await create({ store: watched(log), drainMs: 1 }, [Stuck]);
    await module.init();
    void module.get(CommandBus).execute(Touch.of({ orderId: '1' }));
    await module.close();
    expect(log).toEqual(['connect', 'close']);
  });
});
