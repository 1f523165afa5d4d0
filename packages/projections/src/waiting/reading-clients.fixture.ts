import { setImmediate } from 'node:timers/promises';
import { systemEnvironment, type StoreConnection } from '@nestfold/core';
import { OrderTrail } from '../fixtures/one-stream.fixture.js';
import { OrderPlaced } from '../fixtures/shop.fixture.js';
import { fact } from '../fixtures/store.fixture.js';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import type { WaitTarget } from './wait-for.js';

/** Places an order; answers what its receipt says. */
export async function placed(store: StoreConnection, id: string): Promise<WaitTarget> {
  const stream = `order-${id}` as const;
  const [receipt] = await store.events.append([
    {
      stream,
      expected: 'any',
      events: [fact(OrderPlaced, { orderId: id, customerId: 'ada', total: 1 })],
      commitId: systemEnvironment.uuid(),
      metadata: { correlationId: 'test', causationId: 'test' },
    },
  ]);
  // `!`: there is a receipt for each append.
  return { stream, version: receipt!.version, position: receipt!.time };
}

/** Clients that write, wait for it in turn at each of the processes, and read there at once what they wrote. */
export function readingClients(store: StoreConnection, engines: readonly ProjectionEngine[], clients: number) {
  let on = true;
  const violations: string[] = [];
  const waits: number[] = [];
  const client = async (name: number): Promise<void> => {
    for (let count = 1; on; count += 1) {
      const target = await placed(store, `${name}-${count % 5}`);
      const one = engines[(name + count) % engines.length]!;
      const begun = performance.now();
      const outcome = await one.waitFor('order-trail', target, { timeoutMs: 20_000 });
      waits.push(performance.now() - begun);
      const seen = (await one.readModel(OrderTrail).findById(target.stream))?.events ?? 0;
      if (!outcome.applied || seen < target.version)
        violations.push(`${target.stream}: ${seen} of ${target.version}, ${JSON.stringify(outcome)}`);
      // In memory all of this is microtasks, the engines' work included: without a turn of the event loop no timer would fire any more.
      await setImmediate();
    }
  };
  const all = Promise.all(Array.from({ length: clients }, (_, name) => client(name)));
  return {
    stop: async () => {
      on = false;
      await all;
      return { violations, waits };
    },
  };
}
