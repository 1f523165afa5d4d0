import {
  currentContext,
  InMemoryDatabase,
  isConfigurationError,
  type HandlerContext,
  type MessageContext,
  type StoreConnection,
} from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import {
  EventsHandler,
  eventsHandlerDefinitionOf,
  type EventsHandlerOptions,
} from '../definition/events-handler.decorator.js';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, place, started } from '../fixtures/engines.fixture.js';
import { AuditNoted, OrderPlaced, OrderShipped } from '../fixtures/shop.fixture.js';
import { append, fact, fast, memory } from '../fixtures/store.fixture.js';

type Handle = (event: OrderPlaced, context: HandlerContext) => Promise<void> | void;

endEnginesAfterEach();

/** An engine of one handler, as a process of its own. */
async function handling(
  store: StoreConnection,
  handle: Handle,
  options: Partial<EventsHandlerOptions> = {},
  settings = fast,
): Promise<ProjectionEngine> {
  class Mails {
    handle(event: OrderPlaced, context: HandlerContext): Promise<void> | void {
      return handle(event, context);
    }
  }
  EventsHandler(OrderPlaced, { name: 'order-mails', startFrom: 'beginning', ...options })(Mails);
  return started(store, [], {
    handlers: [{ definition: eventsHandlerDefinitionOf(Mails), instance: new Mails() }],
    settings,
  });
}

function collector(): { readonly got: string[]; readonly handle: Handle } {
  const got: string[] = [];
  return {
    got,
    handle: ({ orderId }, { attempt }) => void got.push(attempt === 1 ? orderId : `${orderId}#${attempt}`),
  };
}

describe('events handlers', () => {
  it('get every event of their types, in order, with context [F-3, E-1, E-2]', async () => {
    const store = await memory();
    await place(store, '1');
    const contexts: {
      readonly context: HandlerContext;
      readonly message: MessageContext | undefined;
      readonly isEvent: boolean;
    }[] = [];
    const one = await handling(
      store,
      (event, context) =>
        void contexts.push({ context, message: currentContext(), isEvent: event instanceof OrderPlaced }),
    );
    await append(
      store,
      'order-1',
      fact(OrderShipped, { orderId: '1' }),
      fact(OrderPlaced, { orderId: '1', customerId: 'c', total: 2 }),
    );
    await append(store, 'audit-1', fact(AuditNoted, { text: '' }));
    await one.settled();
    expect(contexts.map(({ context }) => context.eventId)).toEqual(['order-1:1', 'order-1:3']);
    expect(contexts[1]).toMatchObject({
      isEvent: true,
      context: { stream: 'order-1', version: 3, attempt: 1, idempotencyKey: 'order-mails:order-1:3' },
    });
    // What a handler sends or appends bears ids that a repetition makes again, and names the event as its cause.
    expect(contexts[1]?.message).toMatchObject({ causationId: 'order-1:3', correlationId: 'test', keyed: true });
    expect(await one.handlerStatuses()).toEqual([
      { name: 'order-mails', state: 'running', lagEvents: 0, lagSeconds: 0, parked: 0 },
    ]);
  });

  it('that start now never see the past, also when they run for the first time long after they were registered [E-3]', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    await place(store, 'past');
    const first = collector();
    const one = await handling(store, first.handle, { startFrom: 'now' });
    await place(store, '1');
    await one.settled();
    await one.stop();
    await place(store, '2');
    const second = collector();
    const two = await handling(await memory(database), second.handle, { startFrom: 'now' });
    await place(store, '3');
    await two.settled();
    expect([first.got, second.got]).toEqual([['1'], ['2', '3']]);
  });

  it('keep the start that was recorded when another one is declared later [E-3]', async () => {
    const store = await memory();
    await place(store, 'past');
    const first = collector();
    const one = await handling(store, first.handle, { startFrom: 'now' });
    await one.stop();
    const second = collector();
    const two = await handling(store, second.handle, { startFrom: 'beginning' });
    await place(store, '1');
    await two.settled();
    expect([first.got, second.got]).toEqual([[], ['1']]);
  });

  it.each([
    ['recent, so that the live feed reaches it', 300],
    ['old, so that history leads there', 1],
  ])('start from a moment that is %s', async (_how, horizonSeconds) => {
    let seconds = 1_000;
    const store = await memory(new InMemoryDatabase(() => seconds * 1_000), { horizonSeconds });
    await place(store, 'before');
    seconds += 10;
    await place(store, 'after');
    seconds += 10;
    const { got, handle } = collector();
    const one = await handling(store, handle, { startFrom: new Date(1_005_000) });
    await one.settled();
    expect(got).toEqual(['after']);
  });

  it('refuse to start in the future', async () => {
    const store = await memory();
    const failure = handling(store, () => undefined, { startFrom: new Date(Date.now() + 60_000) });
    await expect(failure).rejects.toSatisfy(
      (error) => isConfigurationError(error) && error.message.includes("give a date that has passed, or 'now'"),
    );
  });

  it('stay on a failing event for some attempts, visibly, and skip nothing', async () => {
    const store = await memory();
    const { got, handle } = collector();
    let fails = true;
    const failing: Handle = (event, context) => {
      if (fails && event.orderId === 'bad') throw new Error('no mail server');
      return handle(event, context);
    };
    const one = await handling(store, failing, {}, { ...fast, attempts: 1_000 });
    for (const id of ['1', 'bad', '2']) await place(store, id);
    await vi.waitFor(
      async () =>
        expect(await one.handlerStatuses()).toMatchObject([
          {
            state: 'retrying',
            lagEvents: 2,
            error: { event: 'order-bad:1', message: 'no mail server', code: 'events-handler.failed' },
          },
        ]),
      10_000,
    );
    await vi.waitFor(async () => expect((await one.handlerStatuses())[0]?.error?.attempts).toBeGreaterThan(5), 10_000);
    expect(got).toEqual(['1']);
    fails = false;
    await one.settled();
    expect(got).toEqual(['1', expect.stringMatching(/^bad#\d+$/), '2']);
    expect(await one.handlerStatuses()).toMatchObject([{ state: 'running', lagEvents: 0 }]);
  });

  it('wait when their place is gone from the store, visibly and without asking all the time', async () => {
    // Without the error it took and freed its lease without a pause, and said that all was well.
    const store = await memory();
    let asked = 0;
    const acquire: StoreConnection['leases']['acquire'] = (...args) => ((asked += 1), store.leases.acquire(...args));
    const { got, handle } = collector();
    const settings = { ...fast, backoffMs: 60_000, backoffMaxMs: 60_000 };
    const one = await handling({ ...store, leases: altered(store.leases, { acquire }) }, handle, {}, settings);
    await place(store, '1');
    await one.settled();
    await one.stop();
    const another = await handling({ ...store, leases: altered(store.leases, { acquire }) }, handle, {}, settings);
    // What the first look of its start finds is gone when it runs.
    await another.stop();
    asked = 0;
    const find: StoreConnection['checkpoints']['find'] = async (key) => {
      const found = await store.checkpoints.find(key);
      if (found?.position !== undefined) await store.checkpoints.remove(key);
      return found;
    };
    const changed = { leases: altered(store.leases, { acquire }), checkpoints: altered(store.checkpoints, { find }) };
    const third = await handling({ ...store, ...changed }, handle, {}, settings);
    await vi.waitFor(
      async () =>
        expect(await third.handlerStatuses()).toMatchObject([
          { state: 'retrying', error: { code: 'events-handler.place-lost' } },
        ]),
      10_000,
    );
    expect([asked, got]).toEqual([1, ['1']]);
  });

  it('repeat nothing that was handled before a failure, after a restart', async () => {
    const store = await memory();
    const first = collector();
    const failing: Handle = (event, context) => {
      if (event.orderId === 'bad') throw new Error('not yet');
      return first.handle(event, context);
    };
    const one = await handling(store, failing, {}, { ...fast, attempts: 1_000 });
    for (const id of ['1', '2', 'bad']) await place(store, id);
    await vi.waitFor(async () => expect(await one.handlerStatuses()).toMatchObject([{ state: 'retrying' }]), 10_000);
    await one.stop();
    const second = collector();
    const two = await handling(store, second.handle);
    await two.settled();
    expect([first.got, second.got]).toEqual([['1', '2'], ['bad']]);
  });

  it('count a call that does not end as failed [E-5]', async () => {
    const store = await memory();
    const attempts: number[] = [];
    const one = await handling(
      store,
      (_event, { attempt }) => (attempts.push(attempt), attempt < 3 ? new Promise(() => undefined) : undefined),
      {},
      { ...fast, handlerTimeoutMs: 20 },
    );
    await place(store, '1');
    await one.settled();
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('run in one process at a time, and in another one when that stops [E-6]', async () => {
    const database = new InMemoryDatabase();
    const [first, second] = [collector(), collector()];
    const store = await memory(database);
    const one = await handling(store, first.handle);
    const two = await handling(await memory(database), second.handle);
    for (let n = 0; n < 20; n += 1) await place(store, `${n}`);
    await Promise.all([one.settled(), two.settled()]);
    await one.stop();
    await place(store, 'last');
    await two.settled();
    const got = [...first.got, ...second.got];
    expect([got.length, new Set(got).size]).toEqual([21, 21]);
    expect(second.got).toContain('last');
  });

  it('do nothing in a process without the role [S-6]', async () => {
    const store = await memory();
    class Silent {
      handle(): void {
        throw new Error('called');
      }
    }
    EventsHandler(OrderPlaced, { name: 'silent', startFrom: 'beginning' })(Silent);
    const node = { id: 'n', host: '', pid: 1, build: '', roles: ['commands'], commands: [] };
    const one = await started(store, [], {
      handlers: [{ definition: eventsHandlerDefinitionOf(Silent), instance: new Silent() }],
      node,
    });
    await place(store, '1');
    await one.settled();
    expect(await one.handlerStatuses()).toEqual([]);
  });
});
