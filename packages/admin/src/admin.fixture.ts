import 'reflect-metadata';
import {
  ForbiddenException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  CommandBus,
  DomainEvent,
  Handle,
  inMemory,
  streamName,
  type StoreAdapter,
  type StoreConnection,
} from '@nestfold/core';
import { Nestfold, NestfoldHttpModule, NestfoldModule, type NestfoldOptions } from '@nestfold/nestjs';
import { On, Projection, writes } from '@nestfold/projections';
import { expect, vi } from 'vitest';
import { AdminModule, type AdminOptions, type RebuildDto } from './index.js';

@DomainEvent('counter.raised')
export class Raised {
  by!: number;
}
export class Raise extends Command {
  id!: string;
  by!: number;
}
/** What no projection can count. */
const UNLUCKY = 13;

class CounterState {
  sum = 0;
}
@Aggregate('counter', { state: CounterState, events: [Raised] })
class Counter extends AggregateRoot<CounterState> {
  @Handle(Raise, { id: 'id', on: 'any' })
  raise({ by }: Raise): void {
    this.emit(Raised, { by });
  }
  @Apply(Raised)
  protected raised({ by }: Raised): void {
    this.state.sum += by;
  }
}
export class Total {
  _id!: string;
  sum!: number;
}
@Projection('totals', { version: 2, readModels: [Total] })
class Totals {
  @On(Raised)
  raised(event: Raised) {
    if (event.by === UNLUCKY) throw new Error('That number cannot be counted.');
    return writes(Total).increment('all', { sum: event.by }, { initial: { sum: 0 } });
  }
}

/** Who calls stands in a header. */
@Injectable()
export class AdminsOnly implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; user?: object }>();
    const role = request.headers['authorization'];
    if (role === undefined) throw new UnauthorizedException();
    if (role !== 'admin') throw new ForbiddenException();
    request.user = { id: 'ada', roles: [role] };
    return true;
  }
}

/** A store whose history can be held back, so that a rebuild lasts as long as a test wants. */
function holdable() {
  const inner = inMemory();
  let release = (): void => {};
  let held: Promise<void> | undefined;
  const store: StoreAdapter = {
    kind: 'holdable',
    connect: async (options) => {
      const connection = await inner.connect(options);
      const feed = Object.assign(Object.create(connection.feed) as StoreConnection['feed'], {
        async *history(range: Parameters<StoreConnection['feed']['history']>[0]) {
          await held;
          yield* connection.feed.history(range);
        },
      });
      return { ...connection, feed };
    },
  };
  return {
    store,
    hold: (): void => {
      held = new Promise((resolve) => (release = resolve));
    },
    release: () => {
      held = undefined;
      release();
    },
  };
}

let app: INestApplication | undefined;
let url = '';
let free: (() => void) | undefined;

/** Ends what `start` began: to be called after each test. */
export async function stop(): Promise<void> {
  free?.();
  await app?.close();
  app = undefined;
}

/** Where the admin module answers. */
export function adminUrl(): string {
  return url;
}

/** An application with a counter that has three events, and the admin module over it. */
export async function start(
  options: Partial<AdminOptions> = {},
  prefix = '',
  more: readonly Type<object>[] = [],
  nestfold: Partial<NestfoldOptions> = {},
) {
  const { store, hold, release } = holdable();
  free = release;
  const module = await Test.createTestingModule({
    imports: [
      NestfoldModule.forRoot({ store, build: 'b1', ...nestfold }),
      NestfoldModule.forFeature({ aggregates: [Counter], readModels: [Total] }),
      NestfoldHttpModule.forRoot({ principal: (request: { user?: { id: string } }) => request.user }),
      AdminModule.forRoot({ guard: AdminsOnly, pollMs: 5, heartbeatMs: 10, ...options }),
    ],
    providers: [Totals, ...more],
  }).compile();
  const started = module.createNestApplication({ logger: false });
  app = started;
  if (prefix !== '') started.setGlobalPrefix(prefix);
  await started.listen(0, '127.0.0.1');
  url = `${await started.getUrl()}${prefix}/admin`;
  const commands = started.get(CommandBus);
  for (const by of [1, 2, 3]) await commands.execute(Raise.of({ id: 'a', by }), { actor: { id: 'anna' } });
  await started.get(Nestfold).settled();
  return { app: started, nestfold: started.get(Nestfold), hold, release };
}

/** Raises a counter by a number that stops its stream in the projection, and once more behind it. */
export async function poison(id: string): Promise<void> {
  const commands = (app as INestApplication).get(CommandBus);
  for (const by of [UNLUCKY, 4]) await commands.execute(Raise.of({ id, by }), { actor: { id: 'anna' } });
}

/** What operators did, as it was written down. */
export async function audited(): Promise<Record<string, unknown>[]> {
  const { events } = (app as INestApplication).get(Nestfold).connection;
  const { commits } = await events.read(streamName('$admin', new Date().toISOString().slice(0, 7)));
  return commits.flatMap((commit) => commit.events.map(({ type, data }) => ({ type, ...data })));
}

/** Asks as an administrator. */
export async function ask<T>(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  content?: unknown,
): Promise<{ status: number; headers: Headers; body: T }> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: 'admin',
      ...(content !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(content !== undefined && { body: JSON.stringify(content) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as T };
}

/** Waits for the end of a rebuild. */
export async function ended(id: string): Promise<RebuildDto> {
  return vi.waitFor(async () => {
    const { body } = await ask<RebuildDto>('GET', `/rebuilds/${id}`);
    expect(body.state).not.toBe('running');
    return body;
  }, 10_000);
}
