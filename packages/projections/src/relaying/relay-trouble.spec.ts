import {
  InMemoryBroker,
  InMemoryDatabase,
  silentLogger,
  TransportUnavailable,
  type Logger,
  type TransportConnection,
} from '@nestfold/core';
import { Stopwatch } from '@nestfold/dev-stack';
import { expect, it, vi } from 'vitest';
import { relayKey } from '../running/keys.js';
import { ending, endEnginesAfterEach } from '../fixtures/engines.fixture.js';
import { touch } from '../fixtures/one-stream.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { onTopics, transportTo } from '../topics/topics.fixture.js';

endEnginesAfterEach();

/** A transport that does some things otherwise. */
async function altered(broker: InMemoryBroker, change: Partial<TransportConnection>): Promise<TransportConnection> {
  const transport = await transportTo(broker);
  return Object.assign(
    Object.create(transport) as TransportConnection,
    { topics: transport.topics.slice(0, 1) },
    change,
  );
}

// It was told twice by the runner, in other words, and what to do by neither.
it('a relay that fails says so once a round, with what to do', async () => {
  const [store, broker] = [await memory(), new InMemoryBroker()];
  const warned: { message: string; details: unknown }[] = [];
  const logger: Logger = { ...silentLogger, warn: (message, details) => void warned.push({ message, details }) };
  let rounds = 0;
  const transport = await altered(broker, {
    prepare: () => Promise.reject(new TransportUnavailable(`round ${(rounds += 1)}`)),
  });
  const engine = ending(onTopics(store, transport, ['relay'], [], { logger }));
  await engine.start();
  await vi.waitFor(() => expect(rounds).toBeGreaterThan(4), 10_000);
  const told = warned.filter(({ details }) => JSON.stringify(details).includes('"round 3"'));
  expect(told).toEqual([
    {
      message: expect.stringContaining('GET /admin/relays') as string,
      details: { topic: 'order', code: 'transport.unavailable', message: 'round 3' },
    },
  ]);
});

// Without the signal in the wait for its topic the stop took `drainMs`, and the lease stayed until it expired.
it('a relay whose broker never answers ends at once when it is stopped, and frees its lease', async () => {
  const [database, broker] = [new InMemoryDatabase(), new InMemoryBroker()];
  const store = await memory(database);
  await touch(store, 2);
  let asked = 0;
  const prepare = (): Promise<void> => ((asked += 1), asked === 1 ? Promise.resolve() : new Promise(() => undefined));
  const engine = onTopics(store, await altered(broker, { prepare }), ['relay']);
  await engine.start();
  await vi.waitFor(() => expect(asked).toBe(2), 10_000);
  const watch = Stopwatch.start();
  await engine.stop();
  expect(watch.stop()).toBeLessThan(2_000);
  expect(await (await memory(database)).leases.find(relayKey('order'))).toBeUndefined();
});

// Without forgetting it the error of long ago stood in `GET /admin/relays` for as long as the process lived.
it('a relay that another process has taken over tells of no trouble of its own any more', async () => {
  const [database, broker] = [new InMemoryDatabase(), new InMemoryBroker()];
  const mine = await altered(broker, { prepare: () => Promise.reject(new TransportUnavailable('not from here')) });
  const engine = ending(onTopics(await memory(database), mine, ['relay']));
  await engine.start();
  const status = async () => (await engine.relayStatuses()).find(({ topic }) => topic === 'order');
  await vi.waitFor(async () => expect(await status()).toHaveProperty('error'), 10_000);
  const other = ending(onTopics(await memory(database), await transportTo(broker), ['relay']));
  await other.start();
  await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'elsewhere' }), 10_000);
  expect(await status()).not.toHaveProperty('error');
});
