import { InMemoryBroker, InMemoryDatabase, type TransportConnection } from '@nestfold/core';
import { Stopwatch } from '@nestfold/dev-stack';
import { expect, it, vi } from 'vitest';
import { isEngineStopped } from '../engine/engine-stopped.error.js';
import { touch } from '../fixtures/one-stream.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { onTopics, TopicTrailProjection, transportTo } from './topics.fixture.js';

const never = (): Promise<never> => new Promise(() => undefined);

/** A transport that does some things otherwise. */
async function altered(broker: InMemoryBroker, change: Partial<TransportConnection>): Promise<TransportConnection> {
  return Object.assign(Object.create(await transportTo(broker)) as TransportConnection, change);
}

// Without the signals in `prepare-topics.ts` and `first-build.ts` the stop waited for what the start waited for, 5 s.
it.each(['prepare', 'reach'] as const)(
  'a start that waits for the broker (%s) ends as soon as it is stopped',
  async (step) => {
    const broker = new InMemoryBroker();
    let asked = 0;
    const transport = await altered(broker, { [step]: () => ((asked += 1), never()) });
    const roles = step === 'prepare' ? ['relay'] : ['projections'];
    const engine = onTopics(await memory(), transport, roles, [TopicTrailProjection], { settings: {} });
    const failure = engine.start().catch((error: unknown) => error);
    await vi.waitFor(() => expect(asked).toBe(1), 10_000);
    const watch = Stopwatch.start();
    await engine.stop();
    expect(await failure).toSatisfy(isEngineStopped);
    expect(watch.stop()).toBeLessThan(2_000);
  },
);

// Without the signal in `Feeding.follow` the stop took `drainMs`, and the next process waited until the leases expired.
it('a projection whose broker does not answer any more ends at once when it is stopped, and frees its leases', async () => {
  const [database, broker] = [new InMemoryDatabase(), new InMemoryBroker()];
  const store = await memory(database);
  await touch(store, 2);
  const both = ['relay', 'projections'];
  const first = onTopics(await memory(database), await transportTo(broker), both, [TopicTrailProjection]);
  await first.start();
  await first.settled();
  await first.stop();
  let asked = 0;
  const transport = await altered(broker, { reach: () => ((asked += 1), never()) });
  const engine = onTopics(await memory(database), transport, ['projections'], [TopicTrailProjection]);
  await engine.start();
  await vi.waitFor(() => expect(asked).toBeGreaterThan(0), 10_000);
  const { leases } = await memory(database);
  const owners = async () =>
    (await leases.findAll([0, 1, 2].map((partition) => `topic-trail.1.1/${partition}`))).map(({ owner }) => owner);
  await vi.waitFor(async () => expect(await owners()).toHaveLength(3), 10_000);
  const watch = Stopwatch.start();
  await engine.stop();
  expect(watch.stop()).toBeLessThan(2_000);
  expect(await owners()).toEqual([]);
});
