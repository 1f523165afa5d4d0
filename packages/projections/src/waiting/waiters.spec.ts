import { expect, it } from 'vitest';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { contextOf } from '../fixtures/engines.fixture.js';
import { OrderViewProjection } from '../fixtures/shop.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { ProjectionSupervisor } from '../running/projection-supervisor.js';
import { Waiter, Waiters } from './waiters.js';

/*
 * Who waits asks the store now and then all the same (every 250 ms at the latest), so without these it would only hear later. Taken away once each:
 * the wake in `Waiters.end`, the one in `ProjectionSupervisor.look`, `listen`.
 */
it('those who wait are woken when the process stops', () => {
  const waiters = new Waiters();
  const waiter = new Waiter();
  waiters.add('order-1', waiter);
  waiters.end();
  expect([waiter.signal.aborted, waiters.hasEnded]).toEqual([true, true]);
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
