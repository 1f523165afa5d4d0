import { systemEnvironment, type Environment, type StoreConnection } from '@nestfold/core';
import { Stopwatch } from '@nestfold/dev-stack';
import { describe, expect, it, vi } from 'vitest';
import { EventsHandler, eventsHandlerDefinitionOf } from '../definition/events-handler.decorator.js';
import { altered, writingThrough } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, place, started } from '../fixtures/engines.fixture.js';
import { DailyTotalProjection, OrderPlaced, OrderViewProjection } from '../fixtures/shop.fixture.js';
import { engine, fast, memory } from '../fixtures/store.fixture.js';
import { isEngineStopped } from './engine-stopped.error.js';

endEnginesAfterEach();

describe('an engine that is stopped while it starts', () => {
  // Without the look after each wait of the start it went on: listening, beating, and its node was there again.
  it.each(['nodes.beat', 'generations.entry', 'checkpoints.find'])(
    'ends cleanly at %s: its start throws, nothing goes on, and its node is gone',
    async (step) => {
      const store = await memory();
      const [port, method] = step.split('.') as ['nodes', 'beat'];
      let reached: (() => void) | undefined;
      const held = new Promise<void>((resolve) => (reached = resolve));
      let goOn = (): void => undefined;
      const gate = new Promise<void>((resolve) => (goOn = resolve));
      let listening = 0;
      let timers = 0;
      const generations = altered(store.generations, {
        onChange: (listener) => {
          const end = store.generations.onChange(listener);
          listening += 1;
          return () => ((listening -= 1), end());
        },
      });
      const all = { ...store, generations };
      const slow: StoreConnection = {
        ...all,
        [port]: altered(all[port], {
          [method]: async (...args: Parameters<StoreConnection['nodes']['beat']>) => {
            reached?.();
            await gate;
            return all[port][method](...args);
          },
        }),
      };
      const environment: Environment = {
        ...systemEnvironment,
        every: (...args) => {
          const end = systemEnvironment.every(...args);
          timers += 1;
          return () => ((timers -= 1), end());
        },
      };
      class Mails {
        handle(): void {
          throw new Error('called');
        }
      }
      EventsHandler(OrderPlaced, { name: 'mails', startFrom: 'beginning' })(Mails);
      await place(store, '1');
      const handlers = [{ definition: eventsHandlerDefinitionOf(Mails), instance: new Mails() }];
      const one = engine(slow, [DailyTotalProjection], { environment, handlers });
      const starting = one.start();
      const failure = starting.catch((error: unknown) => error);
      await held;
      const stopping = one.stop();
      goOn();
      expect(await failure).toSatisfy(isEngineStopped);
      await stopping;
      expect([listening, timers, await store.nodes.list()]).toEqual([0, 0, []]);
      expect(one.readiness()).toMatchObject({ ready: false });
      for (const key of ['handler:mails', 'daily-total.1.1/0']) expect(await store.leases.find(key)).toBeUndefined();
      await expect(one.start()).rejects.toSatisfy(isEngineStopped);
    },
  );

  // The wait for the lease of a handler, once it did not end, was repeated without a pause until its time was over.
  it('does not wait for a lease that another process holds', async () => {
    const store = await memory();
    await store.leases.acquire('handler:mails', { owner: 'another', ttlMs: 60_000 });
    class Mails {
      handle(): void {}
    }
    EventsHandler(OrderPlaced, { name: 'mails', startFrom: 'now' })(Mails);
    let asked = 0;
    const acquire: StoreConnection['leases']['acquire'] = (...args) => ((asked += 1), store.leases.acquire(...args));
    const one = engine({ ...store, leases: altered(store.leases, { acquire }) }, [], {
      handlers: [{ definition: eventsHandlerDefinitionOf(Mails), instance: new Mails() }],
      settings: { ...fast, leasePollMs: 60_000, leaseMs: 60_000 },
    });
    const failure = one.start().catch((error: unknown) => error);
    await vi.waitFor(() => expect(asked).toBe(1), 10_000);
    await one.stop();
    expect(await failure).toSatisfy(isEngineStopped);
    expect(asked).toBe(1);
  });
});

it('an engine stops within its drain time although a batch does not end [S-4]', async () => {
  const store = await memory();
  const stuck = writingThrough(store, () => new Promise(() => undefined));
  await place(store, '1');
  const one = await started(stuck, [OrderViewProjection], { settings: { ...fast, drainMs: 100 } });
  const watch = Stopwatch.start();
  await one.stop();
  expect(watch.stop()).toBeLessThan(2_000);
});
