import 'reflect-metadata';
import { Stopwatch } from '@nestfold/dev-stack';
import { Body, Controller, Get, HttpCode, Param, Post, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { CommandBus, inMemory, isInvalidMessage, QueryBus, type StoreAdapter } from '@nestfold/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Nestfold, NestfoldHttpModule, NestfoldModule, type CommandReceipt, type Problem } from '../index.js';
import {
  CancelOrder,
  FindOrder,
  FindOrderHandler,
  Order,
  OrderView,
  OrderViewProjection,
  PlaceOrder,
  PlaceOrderHandler,
  Touch,
  TouchHandler,
} from '../shop.fixture.js';

@Controller('orders')
class Orders {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @HttpCode(202)
  async place(@Body() body: PlaceOrder) {
    const { id, version } = await this.commands.execute(PlaceOrder.of(body));
    return { id, version };
  }

  @Post(':id/cancel')
  @HttpCode(202)
  async cancel(@Param('id') orderId: string) {
    const { id, version } = await this.commands.execute(CancelOrder.of({ orderId }));
    return { id, version };
  }

  @Post('touch')
  async touch() {
    return { touched: await this.commands.execute(Touch.of({ orderId: '1' })) };
  }

  @Get(':id')
  find(@Param('id') orderId: string) {
    return this.queries.execute(FindOrder.of({ orderId }));
  }
}

let app: INestApplication;
let url: string;
let hold: () => void;
let release: () => void = () => undefined;

/** A store in memory whose batches wait while they are held. */
function holdable(): StoreAdapter {
  const inner = inMemory();
  let held: Promise<void> | undefined;
  hold = () => {
    held = new Promise((resolve) => (release = resolve));
  };
  return {
    kind: 'holdable',
    connect: async (options) => {
      const connection = await inner.connect(options);
      const checkpoints = Object.assign(Object.create(connection.checkpoints) as typeof connection.checkpoints, {
        openWriter: async (key: string) => {
          const writer = await connection.checkpoints.openWriter(key);
          return Object.assign(Object.create(writer) as typeof writer, {
            write: async (...batch: Parameters<typeof writer.write>) => (await held, writer.write(...batch)),
          });
        },
      });
      return { ...connection, checkpoints };
    },
  };
}

beforeEach(async () => {
  const module = await Test.createTestingModule({
    imports: [
      NestfoldModule.forRoot({ store: holdable() }),
      NestfoldHttpModule.forRoot({}),
      NestfoldModule.forFeature({ aggregates: [Order], readModels: [OrderView] }),
    ],
    providers: [PlaceOrderHandler, TouchHandler, OrderViewProjection, FindOrderHandler],
    controllers: [Orders],
  }).compile();
  app = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  await app.get(Nestfold).settled();
});
afterEach(async () => {
  release();
  await app.close();
});

async function send<T = Problem & CommandReceipt>(method: string, path: string, body?: object) {
  const response = await fetch(`${url}/orders${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T };
}

const order = (orderId: string) => ({ orderId, customer: 'c', lines: [{ sku: 's', quantity: 1 }] });

// Each removed once, each makes a case fail: what repositories note, the refusal in a query, and the limit.
describe('?waitFor=', () => {
  it('answers when a read sees the effect, without a word of the controller [V-1]', async () => {
    for (let id = 1; id <= 10; id += 1) {
      const { status, body } = await send('POST', '?waitFor=order-view&waitForMs=20000', order(`${id}`));
      expect([status, body]).toEqual([202, { id: `${id}`, version: 1, applied: true }]);
      expect((await send('GET', `/${id}`)).body).toMatchObject({ status: 'placed' });
    }
    expect((await send('POST', '/1/cancel?waitFor=order-view,order-view&waitForMs=20000')).body).toEqual({
      id: '1',
      version: 2,
      applied: true,
    });
    expect((await send('GET', '/1')).body).toMatchObject({ status: 'cancelled' });
  });

  it('says that it did not see it within the limit; the command has taken effect all the same [V-2]', async () => {
    hold();
    const watch = Stopwatch.start();
    const { status, body } = await send('POST', '?waitFor=order-view&waitForMs=30', order('late'));
    expect([status, body]).toEqual([202, { id: 'late', version: 1, applied: false, reason: 'timeout' }]);
    expect(watch.stop()).toBeLessThan(1_900);
    release();
    await app.get(Nestfold).settled();
    expect((await send('GET', '/late')).body).toMatchObject({ status: 'placed' });
  });

  it('waits two seconds at most where no limit is said [V-2]', async () => {
    hold();
    const [begun, watch] = [Date.now(), Stopwatch.start()];
    expect((await send('POST', '?waitFor=order-view', order('long'))).body).toMatchObject({ applied: false });
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1_900);
    expect(watch.stop()).toBeLessThan(4_000);
  });

  it.each([
    ['?waitFor=orders', ['waitFor']],
    ['?waitFor=', ['waitFor']],
    ['?waitFor=order-view,nothing', ['waitFor']],
    ['?waitFor=order-view&waitFor=order-view', ['waitFor']],
    ['?waitFor[$ne]=order-view', ['waitFor[$ne]', 'waitForMs']],
    ['?waitFor=order-view&waitForMs=30001', ['waitForMs']],
    ['?waitFor=order-view&waitForMs=-1', ['waitForMs']],
    ['?waitFor=order-view&waitForMs=1.5', ['waitForMs']],
    ['?waitFor=nothing&waitForMs=long', ['waitFor', 'waitForMs']],
    ['?waitForMs=5', ['waitForMs']],
  ])('refuses %s before anything is done [V-5]', async (query, paths) => {
    const { status, body } = await send('POST', query, order('refused'));
    expect([status, body.code, body.errors?.map(({ path }) => path)]).toEqual([400, 'message.invalid', paths]);
    expect(await app.get(Nestfold).connection.events.head('order-refused')).toBeUndefined();
  });

  it('names the projections that there are', async () => {
    const { body } = await send('POST', '?waitFor=orders', order('x'));
    expect(body.errors).toEqual([{ path: 'waitFor', message: 'waitFor must name projections: there are order-view' }]);
  });

  it('leaves alone what reads, and what wrote nothing', async () => {
    await send('POST', '?waitFor=order-view', order('1'));
    expect((await send('GET', '/1?waitFor=order-view')).body).not.toHaveProperty('applied');
    expect((await send('POST', '/touch?waitFor=order-view')).body).not.toHaveProperty('applied');
  });
});

describe('commands.execute(…, { waitFor })', () => {
  const place = (orderId: string) => PlaceOrder.of(order(orderId));

  it('answers the receipt with what came of it', async () => {
    const commands = app.get(CommandBus);
    const receipt = await commands.execute(place('1'), { waitFor: 'order-view', key: 'k' });
    expect(receipt).toMatchObject({ id: '1', version: 1, applied: true, repeated: false });
    expect(await app.get(Nestfold).readModel(OrderView).findById('1')).toMatchObject({ status: 'placed' });
    hold();
    expect(await commands.execute(place('2'), { waitFor: ['order-view'], waitForMs: 20 })).toMatchObject({
      applied: false,
      reason: 'timeout',
    });
    // A repetition waits for what the first attempt wrote.
    expect(await commands.execute(place('1'), { waitFor: 'order-view', key: 'k' })).toMatchObject({
      repeated: true,
      applied: true,
    });
    expect(await commands.execute(place('3'))).not.toHaveProperty('applied');
  });

  it('leaves other answers as they are', async () => {
    expect(typeof (await app.get(CommandBus).execute(Touch.of({ orderId: '1' }), { waitFor: 'order-view' }))).toBe(
      'string',
    );
  });

  it('refuses an unknown projection and an unfit limit, and does nothing then [V-5]', async () => {
    const error = await app
      .get(CommandBus)
      .execute(place('1'), { waitFor: 'orders', waitForMs: 1e9 })
      .catch((reason: unknown) => reason);
    if (!isInvalidMessage(error)) throw error;
    expect(error.problems.map(({ path }) => path)).toEqual(['waitFor', 'waitForMs']);
    expect(await app.get(Nestfold).connection.events.head('order-1')).toBeUndefined();
  });

  it('is there for any commit, by the application itself', async () => {
    const { position } = await app.get(CommandBus).execute(place('1'));
    const nestfold = app.get(Nestfold);
    expect(await nestfold.waitFor('order-view', { stream: 'order-1', version: 1, position })).toEqual({
      applied: true,
    });
    expect(await nestfold.waitFor('orders', { stream: 'order-1', version: 1, position })).toMatchObject({
      reason: 'unknown',
    });
  });
});
