import type { LoadPlan } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { expectRefusal } from '../outcome.js';
import { liveGeneration, newGeneration } from './sample-generation.js';

/** A plan of two ranges. */
const plan = (cut: string): LoadPlan => ({
  began: '0000000a00000001',
  horizon: '0000000500000001',
  ranges: [
    { to: cut, processed: 0, done: false },
    { from: cut, processed: 0, done: false },
  ],
  done: false,
});

/** How the load of a generation is planned and goes. */
export const loadCases = [
  fact('keeps the first plan of a load, whoever plans another one', async ({ store, connect, name }) => {
    const { id } = await store.generations.begin(newGeneration(name('orders')));
    const planned = await store.generations.planLoad(id, plan('order-m'));
    expect(planned).toMatchObject({ id, state: 'building', load: plan('order-m') });
    const elsewhere = (await connect()).generations;
    expect((await elsewhere.planLoad(id, plan('order-x'))).load).toStrictEqual(plan('order-m'));
    expect((await store.generations.generation(id))?.load).toStrictEqual(plan('order-m'));
  }),

  fact('plans no load of a generation that was built, cancelled or is not there', async ({ store, name }) => {
    const live = await liveGeneration(store, name('orders'));
    expect((await store.generations.planLoad(live.id, plan('order-m'))).load).toBeUndefined();
    const { id } = await store.generations.begin(newGeneration(name('orders')));
    await store.generations.cancel(id);
    expect(await store.generations.planLoad(id, plan('order-m'))).toMatchObject({ state: 'cancelled' });
    expect((await store.generations.generation(id))?.load).toBeUndefined();
    await expectRefusal(store.generations.planLoad(`${id}0`, plan('order-m')), 'not-found', { id: `${id}0` });
  }),

  fact('keeps how far each range is, and never takes it back', async ({ store, connect, name }) => {
    const { id } = await store.generations.begin(newGeneration(name('orders')));
    await store.generations.planLoad(id, plan('order-m'));
    const elsewhere = (await connect()).generations;
    await store.generations.reportLoad(id, 0, { processed: 70, done: false });
    await elsewhere.reportLoad(id, 1, { processed: 5, done: true });
    await elsewhere.reportLoad(id, 0, { processed: 40, done: false });
    await store.generations.reportLoad(id, 1, { processed: 4, done: false });
    // There is no such range.
    await store.generations.reportLoad(id, 2, { processed: 9, done: true });
    expect((await elsewhere.generation(id))?.load?.ranges).toStrictEqual([
      { to: 'order-m', processed: 70, done: false },
      { from: 'order-m', processed: 5, done: true },
    ]);
  }),

  fact('ends a load when all its ranges are done, and not before', async ({ store, connect, name }) => {
    const { id } = await store.generations.begin(newGeneration(name('orders')));
    expect(await store.generations.endLoad(id)).toBe(false);
    await store.generations.planLoad(id, plan('order-m'));
    await store.generations.reportLoad(id, 1, { processed: 1, done: true });
    expect(await store.generations.endLoad(id)).toBe(false);
    expect((await store.generations.generation(id))?.load?.done).toBe(false);
    await store.generations.reportLoad(id, 0, { processed: 1, done: true });
    const elsewhere = (await connect()).generations;
    expect(await elsewhere.endLoad(id)).toBe(true);
    expect((await store.generations.generation(id))?.load?.done).toBe(true);
    // Whoever comes second hears the same.
    expect(await store.generations.endLoad(id)).toBe(true);
  }),

  fact('does not end the load of a cancelled build', async ({ store, name }) => {
    const { id } = await store.generations.begin(newGeneration(name('orders')));
    await store.generations.planLoad(id, plan('order-m'));
    for (const range of [0, 1]) await store.generations.reportLoad(id, range, { processed: 1, done: true });
    await store.generations.cancel(id);
    expect(await store.generations.endLoad(id)).toBe(false);
    expect((await store.generations.generation(id))?.load?.done).toBe(false);
  }),
];
