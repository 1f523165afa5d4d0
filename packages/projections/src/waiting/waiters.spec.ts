import { expect, it } from 'vitest';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { contextOf } from '../fixtures/engines.fixture.js';
import { OrderViewProjection } from '../fixtures/shop.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { HeldPartition } from '../running/held-partition.js';
import { PartitionRunner, type PartitionHost } from '../running/partition-runner.js';
import { ProjectionSupervisor } from '../running/projection-supervisor.js';
import { RunnerView } from '../running/runner-view.js';
import { Waiter, Waiters } from './waiters.js';

/*
 * Who waits asks the store now and then all the same (every 2 s at the latest), so without these it would only hear later. Taken away once each:
 * the wake in `Waiters.end`, the ones in `ProjectionSupervisor.look` and `PartitionRunner.run`, `listen`.
 */
it('those who wait are woken when the process stops', () => {
  const waiters = new Waiters();
  const waiter = new Waiter();
  waiters.add('order-1', waiter);
  waiters.end();
  expect([waiter.signal.aborted, waiters.hasEnded]).toEqual([true, true]);
});

it('those who wait are woken when a partition is not fed here any more: nobody tells them of it from then on', async () => {
  const context = contextOf(await memory());
  const held = (await HeldPartition.take(context, 'order-view.1.1/0', 'one'))!;
  const waiter = new Waiter();
  context.waiters.add('order-1', waiter);
  const host = {
    definition: projectionDefinitionOf(OrderViewProjection),
    generation: { id: 'order-view.1.1', partitions: 1, progress: {} },
    fresh: () => Promise.resolve(undefined),
  } as unknown as PartitionHost;
  const runner = new PartitionRunner(context, host, 0, held, new RunnerView(context));
  expect(await runner.ended).toEqual({ kind: 'released' });
  expect(waiter.signal.aborted).toBe(true);
});

it('those who wait are woken when what is stored of the projection has changed, and only then', async () => {
  const store = await memory();
  const context = contextOf(store);
  const supervisor = new ProjectionSupervisor(context, projectionDefinitionOf(OrderViewProjection), false);
  await supervisor.start();
  const waiter = new Waiter();
  context.waiters.add('order-1', waiter);
  await supervisor.start();
  expect(waiter.signal.aborted).toBe(false);
  await store.generations.begin({
    projection: 'order-view',
    version: 1,
    readModels: ['order_view'],
    partitions: 1,
    epoch: await store.events.epoch(),
    startedBy: 'eve',
  });
  await supervisor.start();
  expect(waiter.signal.aborted).toBe(true);
  waiter.listen();
  expect(waiter.signal.aborted).toBe(false);
  await supervisor.stop();
});
