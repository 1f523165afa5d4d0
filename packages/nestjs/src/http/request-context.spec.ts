import 'reflect-metadata';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Injectable,
  Param,
  Post,
  UnauthorizedException,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { CommandBus, inMemory, QueryBus } from '@nestfold/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  currentActor,
  etagOf,
  Nestfold,
  NestfoldHttpModule,
  NestfoldModule,
  type CommandReceipt,
  type Problem,
} from '../index.js';
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

/** Who calls stands in a header here; what matters is that guards run before the principal is asked for. */
@Injectable()
class Identity implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; user?: { id: string } }>();
    if (request.headers['authorization'] === undefined) throw new UnauthorizedException();
    request.user = { id: request.headers['authorization'], ...{ email: 'anna@shop.test' } };
    return true;
  }
}

@Controller('orders')
@UseGuards(Identity)
class Orders {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @HttpCode(202)
  place(@Body() body: PlaceOrder) {
    return this.commands.execute(PlaceOrder.of(body));
  }

  @Post(':id/cancel')
  @HttpCode(202)
  cancel(@Param('id') orderId: string) {
    return this.commands.execute(CancelOrder.of({ orderId }));
  }

  @Post('touch')
  async touch() {
    const answers = await Promise.all(['1', '2'].map((orderId) => this.commands.execute(Touch.of({ orderId }))));
    return answers.map((answer) => JSON.parse(answer) as object);
  }

  @Get('me')
  me() {
    return currentActor();
  }

  @Get(':id')
  find(@Param('id') orderId: string) {
    return this.queries.execute(FindOrder.of({ orderId }));
  }
}

let app: INestApplication;
let url: string;

beforeAll(async () => {
  const module = await Test.createTestingModule({
    imports: [
      NestfoldModule.forRoot({ store: inMemory() }),
      NestfoldHttpModule.forRootAsync({
        useFactory: () => ({ principal: (request: { user?: { id: string } }) => request.user, tenant: () => 'acme' }),
      }),
      NestfoldModule.forFeature({ aggregates: [Order], readModels: [OrderView] }),
    ],
    providers: [PlaceOrderHandler, TouchHandler, OrderViewProjection, FindOrderHandler],
    controllers: [Orders],
  }).compile();
  app = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(() => app.close());

async function send<T = Problem & CommandReceipt>(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: object,
) {
  const response = await fetch(`${url}/orders${path}`, {
    method,
    headers: { authorization: 'anna', ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as T };
}

const place = (orderId: string, headers: Record<string, string> = {}, customer = 'c') =>
  send('POST', '', headers, { orderId, customer, lines: [{ sku: 's', quantity: 1 }] });

// Each removed once, each makes a case fail: the ordinal in a request's further keys, and the choice of the actor's fields.
describe('a controller that just executes', () => {
  it('gets the caller, the tenant, the trace and the conversation into the commit [H-8]', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const { status, headers } = await place('context', { 'x-correlation-id': 'talk-1', traceparent });
    expect(status).toBe(202);
    expect(headers.get('x-correlation-id')).toBe('talk-1');
    const commit = await app.get(Nestfold).connection.events.head('order-context');
    expect(commit?.metadata).toMatchObject({
      actor: { id: 'anna' },
      tenant: 'acme',
      traceparent,
      correlationId: 'talk-1',
    });
    // The guard's e-mail address is not kept.
    expect(commit?.metadata.actor).toEqual({ id: 'anna' });
    expect((await send('GET', '/me')).body).toEqual({ id: 'anna' });
  });

  it('ignores a broken traceparent', async () => {
    await place('untraced', { traceparent: 'nonsense' });
    const commit = await app.get(Nestfold).connection.events.head('order-untraced');
    expect(commit?.metadata).not.toHaveProperty('traceparent');
  });

  it('takes effect once for an Idempotency-Key, for each caller apart [H-1]', async () => {
    const first = await place('keyed', { 'idempotency-key': 'k1' });
    const again = await Promise.all(Array.from({ length: 5 }, () => place('keyed', { 'idempotency-key': 'k1' })));
    for (const { status, body } of again)
      expect({ status, version: body.version, repeated: body.repeated }).toEqual({
        status: 202,
        version: first.body.version,
        repeated: true,
      });
    expect(await place('keyed', { 'idempotency-key': 'k1' }, 'other')).toMatchObject({
      status: 422,
      body: { code: 'command.key-reused' },
    });
    expect(await place('keyed', { 'idempotency-key': 'k1', authorization: 'bert' })).toMatchObject({
      status: 409,
      body: { code: 'stream.conflict' },
    });
  });

  it('gives two commands of one request ids of their own', async () => {
    const { body } = await send<{ messageId: string }[]>('POST', '/touch', { 'idempotency-key': 'k2' });
    expect(new Set(body.map(({ messageId }) => messageId)).size).toBe(2);
    expect((await send('POST', '/touch', { 'idempotency-key': 'k2' })).body).toMatchObject(
      body.map(({ messageId }) => ({ messageId })),
    );
  });

  it('guards the write with If-Match: 412 for another version [H-2]', async () => {
    const { body } = await place('matched');
    expect(await send('POST', '/matched/cancel', { 'if-match': '"7"' })).toMatchObject({
      status: 412,
      body: { code: 'stream.conflict', details: { expected: 7, actual: 1 } },
    });
    expect(await send('POST', '/matched/cancel', { 'if-match': etagOf(body.version) })).toMatchObject({
      status: 202,
      body: { version: 2 },
    });
  });

  it.each(['W/"1"', '"a"', '*', '"1", "2"', '-1', '1.5', '9999999999999999'])('refuses If-Match %s', async (value) => {
    expect(await place('unmatched', { 'if-match': value })).toMatchObject({
      status: 400,
      body: { code: 'message.invalid', errors: [{ path: 'If-Match' }] },
    });
  });

  it.each(['', 'x'.repeat(201), 'a\tb'])('refuses the Idempotency-Key %j', async (value) => {
    expect(await place('unkeyed', { 'idempotency-key': value })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'Idempotency-Key' }] },
    });
  });

  it('answers a refused rule, a missing aggregate and a missing identity', async () => {
    await place('twice');
    await send('POST', '/twice/cancel');
    const refused = await send('POST', '/twice/cancel');
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'order.not-placed', detail: 'Only a placed order can be cancelled.' },
    });
    expect(await send('POST', '/nobody/cancel')).toMatchObject({ status: 404, body: { code: 'aggregate.not-found' } });
    const response = await fetch(`${url}/orders/1`);
    expect(response.status).toBe(401);
  });

  it('reads what projections wrote', async () => {
    await place('read');
    await app.get(Nestfold).settled();
    expect((await send('GET', '/read')).body).toMatchObject({ customer: 'c', status: 'placed' });
  });
});
