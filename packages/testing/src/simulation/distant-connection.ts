import {
  AppendOutcomeUnknown,
  StoreOverloaded,
  type ChangeFeed,
  type EventStore,
  type FeedSubscription,
  type StoreConnection,
} from '@nestfold/core';
import { distantWriter } from './distant-writer.js';
import type { Network } from './network.js';
import type { OpenTransactions } from './open-transactions.js';
import type { SimulatedProcess } from './simulated-process.js';

type Method = (...args: readonly unknown[]) => unknown;

/** Methods that answer pages one by one. */
const PAGED: ReadonlySet<string> = new Set(['history', 'recent', 'byStream', 'scan']);

/** A store as one process sees it through the network. */
export function distantConnection(
  store: StoreConnection,
  process: SimulatedProcess,
  network: Network,
  transactions: OpenTransactions,
): StoreConnection {
  const port = <T extends object>(name: string, target: T, own: Partial<T> = {}): T =>
    distantPort(name, target, own, process, network);
  const { events, feed, generations, leases, checkpoints } = store;
  const distant = {
    events: port('events', events, { append: appendOf(events, process, network) }),
    feed: port('feed', feed, {
      lateness: () => feed.lateness(),
      subscribe: (start) => distantSubscription(feed.subscribe(start), process, network),
    } satisfies Partial<ChangeFeed>),
    generations: port('generations', generations, {
      onChange: (listener) => generations.onChange(() => network.notify(process, listener)),
    }),
    leases: port('leases', leases, {
      acquire: (key, request) =>
        network.call(process, `leases.acquire ${key}`, async () => {
          const lease = await leases.acquire(key, request);
          // What a dead or paused owner left open is ended by whoever follows it.
          if (lease !== undefined) transactions.endOthers(key, request.session);
          return lease;
        }),
    }),
    checkpoints: port('checkpoints', checkpoints, {
      openWriter: (key) =>
        network.call(process, `checkpoints.openWriter ${key}`, async () =>
          distantWriter(await checkpoints.openWriter(key), process, network, transactions),
        ),
    }),
  };
  return new Proxy(store, {
    get: (target, key) => {
      if (key in distant) return distant[key as keyof typeof distant];
      const member: unknown = Reflect.get(target, key);
      if (typeof member === 'function')
        return () => network.call(process, String(key), async () => (member as Method).call(target));
      // A port that this page does not know yet: its methods answer promises.
      return typeof member === 'object' && member !== null ? port(String(key), member) : member;
    },
  });
}

/** A port whose methods all go through the network, save those that are given. */
function distantPort<T extends object>(
  name: string,
  target: T,
  own: Partial<T>,
  process: SimulatedProcess,
  network: Network,
): T {
  const made = new Map<PropertyKey, unknown>(Object.entries(own));
  return new Proxy(target, {
    get: (_, key) => {
      if (made.has(key)) return made.get(key);
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      const called = `${name}.${String(key)}`;
      const method = (member as Method).bind(target);
      const distant = PAGED.has(String(key))
        ? (...args: unknown[]) => paged(called, method(...args) as AsyncIterable<unknown>, process, network)
        : (...args: unknown[]) => network.call(process, `${called}${firstOf(args)}`, async () => method(...args));
      made.set(key, distant);
      return distant;
    },
  });
}

/** What a call is about, for the trace. */
function firstOf([first]: readonly unknown[]): string {
  if (typeof first === 'string') return ` ${first}`;
  const key: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'key') : undefined;
  return typeof key === 'string' ? ` ${key}` : '';
}

function paged<T>(
  name: string,
  pages: AsyncIterable<T>,
  process: SimulatedProcess,
  network: Network,
): AsyncIterableIterator<T> {
  const iterator = pages[Symbol.asyncIterator]();
  return {
    next: () => network.call(process, name, () => iterator.next()),
    return: async () => {
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function distantSubscription(
  subscription: FeedSubscription,
  process: SimulatedProcess,
  network: Network,
): FeedSubscription {
  return {
    next: (options) => network.call(process, 'subscription.next', () => subscription.next(options)),
    close: async () => {
      if (process.isDead) return process.never();
      return subscription.close();
    },
  };
}

/** An append has more ways to go wrong: it may be told as unknown, and arrive later. */
function appendOf(events: EventStore, process: SimulatedProcess, network: Network): EventStore['append'] {
  return (streams, options) => {
    const stream = streams[0]?.stream ?? '';
    const send = (): ReturnType<EventStore['append']> => events.append(streams, options);
    const { clock, chance, faults } = network;
    const failures = {
      before: () =>
        chance.happens(0.5)
          ? new StoreOverloaded('Simulated: nothing was sent to the store.')
          : new AppendOutcomeUnknown(stream),
      after: () => new AppendOutcomeUnknown(stream),
    };
    if (chance.happens(faults.effectLater)) {
      network.trace.call(process.name, 'events.append', `${stream} effect-later`);
      clock.after(chance.between(0, faults.holdMs), () => void send().catch(() => undefined));
      return network.call(process, 'events.append', () => Promise.reject(failures.after()), failures);
    }
    return network.call(process, 'events.append', send, failures);
  };
}
