import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { errorsOf, expectRefusal, outcomesOf, valuesOf } from '../outcome.js';
import { heldToken, liveGeneration, newGeneration } from './sample-generation.js';

const FAILURE = { code: 'x', message: 'no', at: new Date(5) };

/** How a generation begins and ends without becoming live. */
export const buildCases = [
  fact('begins the first generation as the one being built', async ({ store, connect, name }) => {
    const projection = name('orders');
    const begun = await store.generations.begin(newGeneration(projection, { version: 3, partitions: 4 }));
    expect(begun).toMatchObject({
      id: `${projection}.3.1`,
      projection,
      version: 3,
      number: 1,
      state: 'building',
      partitions: 4,
      epoch: 'e1',
      startedBy: 'ada',
      progress: { processed: 0, total: 0, rate: 0 },
    });
    expect(begun.startedAt).toBeInstanceOf(Date);
    expect(Object.keys(begun.collections).toSorted()).toEqual(['customer_card', 'order_view']);
    const elsewhere = (await connect()).generations;
    expect(await elsewhere.generation(begun.id)).toStrictEqual(begun);
    expect(await elsewhere.entry(projection, 3)).toStrictEqual({
      projection,
      version: 3,
      building: 1,
      namedAt: expect.any(Date) as Date,
    });
    expect(await elsewhere.generations(projection, 3)).toStrictEqual([begun]);
  }),

  fact('knows no entry and no generation that was not begun', async ({ store, name }) => {
    const projection = name('orders');
    const { id } = await store.generations.begin(newGeneration(projection));
    expect(await store.generations.entry(projection, 2)).toBeUndefined();
    expect(await store.generations.entry(name('orders'), 1)).toBeUndefined();
    expect(await store.generations.generation(`${id}0`)).toBeUndefined();
    expect(await store.generations.generations(projection, 2)).toEqual([]);
    expect(await store.generations.generation(id)).toBeDefined();
  }),

  fact('forgets what has ended, and nothing else; a number stays used', async ({ store, connect, name }) => {
    const projection = name('orders');
    const former = await liveGeneration(store, projection);
    const live = await liveGeneration(store, projection);
    const { generations } = await connect();
    for (const { id } of [former, live]) await generations.forget(id);
    expect((await store.generations.generations(projection, 1)).map(({ number }) => number)).toEqual([1, 2]);
    await generations.retire(former.id);
    const cancelled = await generations.begin(newGeneration(projection));
    await generations.forget(cancelled.id);
    expect(await store.generations.generation(cancelled.id)).toBeDefined();
    await generations.cancel(cancelled.id);
    for (const { id } of [former, cancelled, cancelled]) await generations.forget(id);
    expect((await store.generations.generations(projection, 1)).map(({ number }) => number)).toEqual([2]);
    expect(await generations.begin(newGeneration(projection))).toMatchObject({ number: 4 });
    expect(await generations.entry(projection, 1)).toMatchObject({ live: 2, building: 4 });
  }),

  fact('lists the entries of all projections', async ({ store, name }) => {
    const [one, other] = [name('orders'), name('orders')];
    await store.generations.begin(newGeneration(one, { version: 1 }));
    await store.generations.begin(newGeneration(one, { version: 2 }));
    await liveGeneration(store, other);
    const entries = (await store.generations.entries()).filter(({ projection }) => [one, other].includes(projection));
    expect(entries.map(({ projection, version, live, building }) => ({ projection, version, live, building }))).toEqual(
      expect.arrayContaining([
        { projection: one, version: 1, live: undefined, building: 1 },
        { projection: one, version: 2, live: undefined, building: 1 },
        { projection: other, version: 1, live: 1, building: undefined },
      ]),
    );
    expect(entries).toHaveLength(3);
  }),

  fact('refuses a second build of a version while one runs, and names it [B-5]', async ({ store, connect, name }) => {
    const projection = name('orders');
    const { id } = await store.generations.begin(newGeneration(projection));
    await expectRefusal((await connect()).generations.begin(newGeneration(projection)), 'rebuild.running', { id });
    expect(await store.generations.begin(newGeneration(projection, { version: 2 }))).toMatchObject({ number: 1 });
  }),

  fact('begins one of eight builds at once, five times over [B-5]', async ({ store, connect, name }) => {
    const stores = [store, await connect()];
    for (let round = 0; round < 5; round += 1) {
      const projection = name('orders');
      const outcomes = await outcomesOf(
        Array.from({ length: 8 }, (_, index) => stores[index % 2]!.generations.begin(newGeneration(projection))),
      );
      const winners = valuesOf(outcomes);
      expect(winners).toHaveLength(1);
      expect(errorsOf(outcomes)).toMatchObject(
        Array.from({ length: 7 }, () => ({ code: 'rebuild.running', id: winners[0]?.id })),
      );
      expect(await store.generations.generations(projection, 1)).toHaveLength(1);
    }
  }),

  fact('never uses a number or a collection again [B-9]', async ({ store, name }) => {
    const projection = name('orders');
    const collections = new Set<string>();
    for (let number = 1; number <= 3; number += 1) {
      const begun = await store.generations.begin(newGeneration(projection));
      expect(begun.number).toBe(number);
      for (const collection of Object.values(begun.collections)) collections.add(collection);
      await store.generations.cancel(begun.id);
    }
    expect(collections.size).toBe(6);
    expect((await store.generations.generations(projection, 1)).map(({ number }) => number).toSorted()).toEqual([
      1, 2, 3,
    ]);
  }),

  fact('keeps the progress that a runner reports', async ({ store, connect, name }) => {
    const { id } = await store.generations.begin(newGeneration(name('orders')));
    await store.generations.report(id, { processed: 500, total: 2000, rate: 123.5 });
    expect((await (await connect()).generations.generation(id))?.progress).toEqual({
      processed: 500,
      total: 2000,
      rate: 123.5,
    });
  }),

  fact('sums up what its partitions report, until it is built', async ({ store, connect, name }) => {
    const { generations } = store;
    const projection = name('orders');
    const generation = await generations.begin(newGeneration(projection, { partitions: 2, slicing: 'stream' }));
    const { id } = generation;
    expect(generation).toMatchObject({ partitions: 2, slicing: 'stream' });
    await generations.report(id, { processed: 300, total: 900, rate: 10 }, '0');
    await (await connect()).generations.report(id, { processed: 200, total: 1_000, rate: 5 }, '1');
    await generations.report(id, { processed: 350, total: 1_000, rate: 20 }, '0');
    expect(await generations.generation(id)).toMatchObject({
      progress: { processed: 550, total: 1_000, rate: 25 },
      parts: { '0': { processed: 350, rate: 20 }, '1': { processed: 200, rate: 5 } },
    });
    await generations.swap({ generation, by: 'ada', held: [], progress: { processed: 560, total: 560, rate: 25 } });
    await generations.report(id, { processed: 9, total: 9, rate: 1 }, '1');
    expect((await generations.generation(id))?.progress).toEqual({ processed: 560, total: 560, rate: 21 });
  }),

  fact('asks for the end of a build, which its runner then carries out', async ({ store, connect, name }) => {
    const projection = name('orders');
    const { id } = await store.generations.begin(newGeneration(projection));
    expect(await (await connect()).generations.requestCancel(id)).toBe(true);
    expect(await store.generations.generation(id)).toMatchObject({ state: 'building', cancelRequested: true });
    await store.generations.cancel(id);
    const cancelled = await store.generations.generation(id);
    expect(cancelled).toMatchObject({ state: 'cancelled' });
    expect(cancelled?.endedAt).toBeInstanceOf(Date);
    expect((await store.generations.entry(projection, 1))?.building).toBeUndefined();
    expect(await store.generations.requestCancel(id)).toBe(false);
    expect(await store.generations.begin(newGeneration(projection))).toMatchObject({ number: 2 });
  }),

  fact('begins the same again in the step that ends a build, once [B-7]', async ({ store, connect, name }) => {
    const projection = name('orders');
    const asked = { partitions: 3, slicing: 'stream', throttle: 7, startedBy: 'ada' } as const;
    const { id, collections } = await store.generations.begin(newGeneration(projection, asked));
    const elsewhere = await connect();
    await Promise.all([store, elsewhere].map(({ generations }) => generations.cancel(id, { again: true })));
    expect(await store.generations.generation(id)).toMatchObject({ state: 'cancelled' });
    expect(await store.generations.entry(projection, 1)).toMatchObject({ building: 2 });
    const all = await store.generations.generations(projection, 1);
    expect(all).toHaveLength(2);
    expect(all[1]).toMatchObject({ state: 'building', ...asked });
    expect(Object.keys(all[1]!.collections)).toEqual(Object.keys(collections));
    expect(all[1]!.collections).not.toEqual(collections);
  }),

  fact('begins nothing in the place of a build whose end was asked for [B-6]', async ({ store, name }) => {
    const projection = name('orders');
    const { id } = await store.generations.begin(newGeneration(projection));
    await store.generations.requestCancel(id);
    await store.generations.cancel(id, { again: true });
    expect(await store.generations.generation(id)).toMatchObject({ state: 'cancelled' });
    expect((await store.generations.entry(projection, 1))?.building).toBeUndefined();
  }),

  fact('does not end a live generation as a build', async ({ store, name }) => {
    const projection = name('orders');
    const { id } = await liveGeneration(store, projection);
    expect(await store.generations.requestCancel(id)).toBe(false);
    await store.generations.cancel(id);
    expect(await store.generations.generation(id)).toMatchObject({ state: 'live' });
    expect(await store.generations.entry(projection, 1)).toMatchObject({ live: 1 });
  }),

  fact('shows why a build failed, keeps its place, and tries again when told', async ({ store, connect, name }) => {
    const projection = name('orders');
    const { id } = await store.generations.begin(newGeneration(projection));
    const failure = { code: 'projection.failed', message: 'no', event: 'order-1:4', at: new Date(5) };
    expect(await store.generations.fail(id, failure, await heldToken(store, name('partition')))).toBe(true);
    expect(await (await connect()).generations.generation(id)).toMatchObject({ state: 'failed', failure });
    expect(await store.generations.entry(projection, 1)).toMatchObject({ building: 1 });
    await expectRefusal(store.generations.begin(newGeneration(projection)), 'rebuild.running', { id });
    await store.generations.retry(id);
    const again = await store.generations.generation(id);
    expect(again).toMatchObject({ state: 'building' });
    expect(again).not.toHaveProperty('failure');
  }),

  fact('lets nobody fail a generation who has lost its partition', async ({ store, connect, name }) => {
    const { id } = await store.generations.begin(newGeneration(name('orders')));
    const held = await heldToken(store, name('partition'));
    await (await connect()).checkpoints.claim(held.key, held.token + 1);
    expect(await store.generations.fail(id, FAILURE, held)).toBe(false);
    expect(await store.generations.fail(id, FAILURE, { key: name('partition'), token: 1 })).toBe(false);
    const generation = await store.generations.generation(id);
    expect(generation).toMatchObject({ state: 'building' });
    expect(generation).not.toHaveProperty('failure');
    expect(await store.generations.fail(id, FAILURE, { ...held, token: held.token + 1 })).toBe(true);
  }),

  fact('fails no generation that has ended', async ({ store, name }) => {
    const { id } = await store.generations.begin(newGeneration(name('orders')));
    const held = await heldToken(store, name('partition'));
    await store.generations.cancel(id);
    expect(await store.generations.fail(id, FAILURE, held)).toBe(false);
    expect(await store.generations.generation(id)).toMatchObject({ state: 'cancelled' });
  }),

  fact('makes room for another build when a failed one is cancelled', async ({ store, name }) => {
    const projection = name('orders');
    const { id } = await store.generations.begin(newGeneration(projection));
    await store.generations.fail(id, FAILURE, await heldToken(store, name('partition')));
    expect(await store.generations.requestCancel(id)).toBe(true);
    await store.generations.cancel(id);
    expect(await store.generations.generation(id)).toMatchObject({ state: 'cancelled' });
    expect(await store.generations.begin(newGeneration(projection))).toMatchObject({ number: 2 });
  }),

  fact('keeps a live generation that failed as the live one, and lets another be built', async ({ store, name }) => {
    const projection = name('orders');
    const { id } = await liveGeneration(store, projection);
    await store.generations.fail(id, FAILURE, await heldToken(store, name('partition')));
    expect(await store.generations.generation(id)).toMatchObject({ state: 'failed' });
    expect(await store.generations.begin(newGeneration(projection))).toMatchObject({ number: 2 });
    await store.generations.retry(id);
    expect(await store.generations.generation(id)).toMatchObject({ state: 'live' });
    expect(await store.generations.entry(projection, 1)).toMatchObject({ live: 1, building: 2 });
  }),
];
