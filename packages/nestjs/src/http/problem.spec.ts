import 'reflect-metadata';
import {
  BadRequestException,
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  NotFoundException,
  Param,
  Post,
  ServiceUnavailableException,
  UnauthorizedException,
  ValidationPipe,
  Body,
  type INestApplication,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { IsString } from 'class-validator';
import {
  AggregateNotFound,
  AppendContention,
  AppendOutcomeUnknown,
  ClaimTaken,
  CommandKeyReused,
  CommitTooLarge,
  ConfigurationError,
  DomainRejection,
  EventFromNewerBuild,
  InvalidEvent,
  InvalidMessage,
  NotFound,
  RebuildRunning,
  statedVersion,
  StoreOverloaded,
  StoreUnavailable,
  StreamConflict,
  UnsupportedCapability,
} from '@nestfold/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NestfoldHttpModule, ShuttingDown, type Problem } from '../index.js';

const ERRORS: Record<string, () => unknown> = {
  message: () => new InvalidMessage('PlaceOrder', [{ path: 'lines[0].sku', message: 'sku is missing' }]),
  'nest-bad': () => new BadRequestException(['a must be b', 'c must be d']),
  unauthorized: () => new UnauthorizedException(),
  forbidden: () => new ForbiddenException(),
  missing: () => new NotFoundException('no such order'),
  'not-found': () => new NotFound('order', '7'),
  aggregate: () => new AggregateNotFound('order-7'),
  conflict: () => new StreamConflict('order-7', 'noStream', 3),
  stated: () => new StreamConflict('order-7', statedVersion(2), 3),
  claim: () => new ClaimTaken('email', 'a@b'),
  rebuild: () => new RebuildRunning('view.1.2'),
  large: () => new CommitTooLarge('order-7', 9, 8),
  rule: () => new DomainRejection('order.empty', 'An order needs a line.'),
  key: () => new CommandKeyReused('order-7'),
  capability: () => new UnsupportedCapability('claims', 'mongo'),
  overloaded: () => new StoreOverloaded('queue full at 10.0.0.7'),
  contention: () => new AppendContention('order-7'),
  unknown: () => new AppendOutcomeUnknown('order-7'),
  unavailable: () => new StoreUnavailable('connect ECONNREFUSED 10.0.0.7:27017'),
  newer: () => new EventFromNewerBuild('order-7', 'order.gift-wrapped', 2),
  closing: () => new ShuttingDown(),
  'nest-unavailable': () => new ServiceUnavailableException('later'),
  'own-code': () => new HttpException({ message: 'Too many.', code: 'login.locked' }, 429),
  event: () => new InvalidEvent('canary: upcaster refused'),
  configuration: () => new ConfigurationError('canary: no handler'),
  bug: () => new TypeError('canary: cannot read properties of undefined'),
  text: () => 'canary',
  nothing: () => undefined,
  syntax: () => new SyntaxError('canary: Unexpected token } in JSON'),
  uri: () => new URIError('canary'),
  imitation: () => Object.assign(new Error('canary'), { status: 302, expose: true }),
};

class Dto {
  @IsString() name!: string;
}

@Controller()
class Thrower {
  @Get('throw/:kind')
  get(@Param('kind') kind: string): never {
    throw ERRORS[kind]?.();
  }

  @Post('echo')
  echo(@Body() body: Record<string, string>) {
    return body;
  }

  @Post('nest-pipe')
  nest(@Body(new ValidationPipe()) body: Dto) {
    return body;
  }
}

let app: INestApplication;
let url: string;

beforeAll(async () => {
  const module = await Test.createTestingModule({
    imports: [NestfoldHttpModule.forRoot({ validation: false })],
    controllers: [Thrower],
  }).compile();
  app = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(() => app.close());

async function ask(path: string, init: RequestInit = {}): Promise<{ response: Response; body: Problem }> {
  const response = await fetch(`${url}${path}`, init);
  return { response, body: (await response.json()) as Problem };
}

// Each removed once, each makes a case fail: If-Match as the condition of a 412, and the status that tells a router's URIError from a bug.
describe('ProblemFilter', () => {
  it.each([
    ['message', 400, 'message.invalid'],
    ['nest-bad', 400, 'message.invalid'],
    ['unauthorized', 401, 'unauthenticated'],
    ['forbidden', 403, 'forbidden'],
    ['missing', 404, 'not-found'],
    ['not-found', 404, 'not-found'],
    ['aggregate', 404, 'aggregate.not-found'],
    ['conflict', 409, 'stream.conflict'],
    ['stated', 409, 'stream.conflict'],
    ['claim', 409, 'claim.taken'],
    ['rebuild', 409, 'rebuild.running'],
    ['large', 413, 'commit.too-large'],
    ['rule', 422, 'order.empty'],
    ['key', 422, 'command.key-reused'],
    ['own-code', 429, 'login.locked'],
    ['capability', 501, 'capability.unsupported'],
  ])('answers %s with %i %s [H-4]', async (kind, status, code) => {
    const { response, body } = await ask(`/throw/${kind}?secret=1`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(body).toMatchObject({ type: 'about:blank', status, code, instance: `/throw/${kind}` });
    expect(body.title).not.toBe('');
    expect(response.headers.get('x-correlation-id')).toBe(body.correlationId);
  });

  it.each(['overloaded', 'contention', 'unknown', 'unavailable', 'newer', 'closing', 'nest-unavailable'])(
    'answers %s with 503 and when to come again [H-5]',
    async (kind) => {
      const { response, body } = await ask(`/throw/${kind}`);
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(body.retryAfter).toBe(Number(response.headers.get('retry-after')));
      expect(JSON.stringify(body)).not.toContain('10.0.0.7');
    },
  );

  it.each(['event', 'configuration', 'bug', 'text', 'nothing', 'syntax', 'uri', 'imitation'])(
    'answers %s with a 500 that tells nothing [H-4]',
    async (kind) => {
      const { response, body } = await ask(`/throw/${kind}`);
      expect(response.status).toBe(500);
      expect(body.code).toBe('internal');
      expect(JSON.stringify(body)).not.toContain('canary');
    },
  );

  it('answers a wrong If-Match with 412, since the caller stated the version in a header [H-2]', async () => {
    const { response, body } = await ask('/throw/stated', { headers: { 'if-match': '"2"' } });
    expect(response.status).toBe(412);
    expect(body).toMatchObject({ code: 'stream.conflict', details: { expected: 2, actual: 3 } });
  });

  it('answers a lost race with 409 also when If-Match was sent [H-2]', async () => {
    expect((await ask('/throw/conflict', { headers: { 'if-match': '"2"' } })).response.status).toBe(409);
  });

  it('lists all errors, of its own validation and of Nest’s', async () => {
    expect((await ask('/throw/message')).body.errors).toEqual([{ path: 'lines[0].sku', message: 'sku is missing' }]);
    expect((await ask('/throw/nest-bad')).body.errors).toEqual([
      { path: '', message: 'a must be b' },
      { path: '', message: 'c must be d' },
    ]);
    const { body } = await ask('/nest-pipe', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(body.errors).toEqual([{ path: '', message: 'name must be a string' }]);
  });

  it('keeps the correlation id of a caller and refuses one that would break a log line', async () => {
    expect((await ask('/throw/bug', { headers: { 'x-correlation-id': 'abc-1' } })).body.correlationId).toBe('abc-1');
    expect((await ask('/throw/bug', { headers: { 'x-correlation-id': 'a b' } })).body.correlationId).toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });
});

describe('requests that cannot be read', () => {
  const json = { 'content-type': 'application/json' };
  it.each<[string, string, RequestInit, number, string]>([
    ['malformed JSON', '/echo', { method: 'POST', headers: json, body: '{"a": canary' }, 400, 'body.malformed'],
    ['JSON that ends', '/echo', { method: 'POST', headers: json, body: '{"a":' }, 400, 'body.malformed'],
    [
      'a body over the limit',
      '/echo',
      { method: 'POST', headers: json, body: JSON.stringify({ a: 'x'.repeat(200_000) }) },
      413,
      'body.too-large',
    ],
    [
      'an unknown charset',
      '/echo',
      { method: 'POST', headers: { 'content-type': 'application/json; charset=klingon' }, body: '{}' },
      415,
      'body.unsupported',
    ],
    [
      'an unknown encoding',
      '/echo',
      { method: 'POST', headers: { ...json, 'content-encoding': 'klingon' }, body: '{}' },
      415,
      'body.unsupported',
    ],
    ['malformed percent-encoding', '/throw/%ff', {}, 400, 'uri.malformed'],
    ['an unknown path', '/nowhere', {}, 404, 'not-found'],
    ['an unknown method', '/echo', { method: 'PUT' }, 404, 'not-found'],
  ])('are refused for %s', async (_what, path, init, status, code) => {
    const { response, body } = await ask(path, init);
    expect({ status: response.status, code: body.code }).toEqual({ status, code });
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.stringify(body)).not.toContain('canary');
  });
});
