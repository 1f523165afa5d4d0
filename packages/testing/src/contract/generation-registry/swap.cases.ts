import { randomUUID } from 'node:crypto';
import { storeTime, type Position, type StoreConnection } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { outcomesOf, valuesOf } from '../outcome.js';
import { liveGeneration, newGeneration } from './sample-generation.js';

const placeAt = (token: string): Position => ({
  phase: 'live',
  began: storeTime(1, 1),
  horizon: storeTime(1, 0),
  feed: { token, time: storeTime(2, 0) },
});

/** Lets a partition stand at a place. */
async function standAt(store: StoreConnection, key: string, position: Position): Promise<void> {
  const token = ((await store.checkpoints.find(key))?.token ?? 0) + 1;
  const claimed = await store.checkpoints.claim(key, token);
  const writer = await store.checkpoints.openWriter(key);
  await writer.write({ key, token, previous: claimed!.batch, id: randomUUID(), position }, () => Promise.resolve());
  await writer.close();
}

/** How the pointer moves. */
export const swapCases = [
  fact('makes a built generation the live one, and the former one the previous', async ({ store, connect, name }) => {
    const projection = name('orders');
    const first = await liveGeneration(store, projection);
    const second = await store.generations.begin(newGeneration(projection));
    expect(await store.generations.swap({ generation: second, by: 'eve', held: [] })).toBe(true);
    const elsewhere = (await connect()).generations;
    const entry = await elsewhere.entry(projection, 1);
    expect(entry).toMatchObject({ live: 2, previous: 1, swappedBy: 'eve' });
    expect(entry?.building).toBeUndefined();
    expect(entry?.swappedAt).toBeInstanceOf(Date);
    expect([(await elsewhere.generation(first.id))?.state, (await elsewhere.generation(second.id))?.state]).toEqual([
      'live',
      'live',
    ]);
  }),

  fact(
    'stores with the first swap what the build came to and when, and keeps that',
    async ({ store, connect, name }) => {
      const projection = name('orders');
      const first = await liveGeneration(store, projection);
      const generation = await store.generations.begin(newGeneration(projection));
      expect(generation).not.toHaveProperty('builtAt');
      const progress = { processed: 7, total: 7, rate: 3 };
      await store.generations.swap({ generation, by: 'ada', held: [], progress });
      const elsewhere = (await connect()).generations;
      const built = await elsewhere.generation(generation.id);
      expect(built).toMatchObject({ state: 'live', progress, builtAt: expect.any(Date) as Date });
      await store.generations.swap({ generation: first, by: 'ada', held: [] });
      await store.generations.swap({ generation, by: 'ada', held: [], progress: { processed: 0, total: 0, rate: 0 } });
      expect(await elsewhere.generation(generation.id)).toStrictEqual(built);
    },
  ),

  fact('moves the pointer while every held token stands', async ({ store, name }) => {
    const projection = name('orders');
    const [one, other] = [name('partition'), name('partition')];
    const generation = await store.generations.begin(newGeneration(projection));
    await store.checkpoints.claim(one, 3);
    await store.checkpoints.claim(other, 7);
    const held = [
      { key: one, token: 3 },
      { key: other, token: 7 },
    ];
    expect(await store.generations.swap({ generation, by: 'ada', held })).toBe(true);
    expect(await store.generations.entry(projection, 1)).toMatchObject({ live: 1 });
  }),

  fact('answers false and moves nothing when a held token is lost', async ({ store, connect, name }) => {
    const projection = name('orders');
    const [one, other] = [name('partition'), name('partition')];
    const generation = await store.generations.begin(newGeneration(projection));
    await store.checkpoints.claim(one, 3);
    await store.checkpoints.claim(other, 7);
    await (await connect()).checkpoints.claim(other, 8);
    const before = await store.generations.entry(projection, 1);
    const held = [
      { key: one, token: 3 },
      { key: other, token: 7 },
    ];
    expect(await store.generations.swap({ generation, by: 'ada', held })).toBe(false);
    expect(await store.generations.swap({ generation, by: 'ada', held: [{ key: name('partition'), token: 1 }] })).toBe(
      false,
    );
    expect(await store.generations.entry(projection, 1)).toStrictEqual(before);
    expect(await store.generations.generation(generation.id)).toMatchObject({ state: 'building' });
  }),

  fact('moves the pointer only when every new checkpoint has reached the place', async ({ store, name }) => {
    const projection = name('orders');
    const keys = [name('partition'), name('partition')];
    const generation = await store.generations.begin(newGeneration(projection, { partitions: 2 }));
    const swapped = (): Promise<boolean> =>
      store.generations.swap({ generation, by: 'ada', held: [], reached: { keys, target: placeAt('07') } });
    expect(await swapped()).toBe(false);
    await standAt(store, keys[0]!, placeAt('08'));
    expect(await swapped()).toBe(false);
    await standAt(store, keys[1]!, placeAt('06'));
    expect(await swapped()).toBe(false);
    expect((await store.generations.entry(projection, 1))?.live).toBeUndefined();
    await standAt(store, keys[1]!, placeAt('07'));
    expect(await swapped()).toBe(true);
    expect((await store.generations.entry(projection, 1))?.live).toBe(1);
  }),

  fact('keeps the request for a swap until it is replaced, taken back or done', async ({ store, connect, name }) => {
    const generation = await store.generations.begin(newGeneration(name('orders')));
    const { id } = generation;
    const elsewhere = (await connect()).generations;
    const pending = async (): Promise<unknown> => (await elsewhere.generation(id))?.swap;
    await store.generations.requestSwap(id, { id: 'one', target: placeAt('07') });
    expect(await pending()).toStrictEqual({ id: 'one', target: placeAt('07') });
    await store.generations.requestSwap(id, { id: 'two', target: placeAt('08') });
    await store.generations.dropSwap(id, 'one');
    expect(await pending()).toStrictEqual({ id: 'two', target: placeAt('08') });
    await store.generations.dropSwap(id, 'two');
    expect(await pending()).toBeUndefined();
    await store.generations.requestSwap(id, { id: 'three', target: placeAt('08') });
    await store.generations.swap({ generation, by: 'ada', held: [] });
    expect(await pending()).toBeUndefined();
    await store.generations.requestSwap(id, { id: 'four', target: placeAt('08') });
    expect(await pending()).toMatchObject({ id: 'four' });
  }),

  fact('goes back by the same swap', async ({ store, name }) => {
    const projection = name('orders');
    const first = await liveGeneration(store, projection);
    const second = await store.generations.begin(newGeneration(projection));
    await store.generations.swap({ generation: second, by: 'ada', held: [] });
    expect(await store.generations.swap({ generation: first, by: 'eve', held: [] })).toBe(true);
    expect(await store.generations.entry(projection, 1)).toMatchObject({ live: 1, previous: 2, swappedBy: 'eve' });
  }),

  fact('does not make a cancelled or a retired generation live', async ({ store, name }) => {
    const projection = name('orders');
    const first = await liveGeneration(store, projection);
    const second = await store.generations.begin(newGeneration(projection));
    await store.generations.cancel(second.id);
    expect(await store.generations.swap({ generation: second, by: 'ada', held: [] })).toBe(false);
    const third = await store.generations.begin(newGeneration(projection));
    expect(await store.generations.swap({ generation: third, by: 'ada', held: [] })).toBe(true);
    await store.generations.retire(first.id);
    expect(await store.generations.swap({ generation: first, by: 'ada', held: [] })).toBe(false);
    expect(await store.generations.entry(projection, 1)).toMatchObject({ live: 3 });
  }),

  fact('does not make a generation live whose cancel was asked for [B-6]', async ({ store, name }) => {
    // Otherwise the cancel, which was promised, would later take away what is live.
    const projection = name('orders');
    await liveGeneration(store, projection);
    const second = await store.generations.begin(newGeneration(projection));
    expect(await store.generations.requestCancel(second.id)).toBe(true);
    expect(await store.generations.swap({ generation: second, by: 'ada', held: [] })).toBe(false);
    expect(await store.generations.entry(projection, 1)).toMatchObject({ live: 1, building: 2 });
    await store.generations.cancel(second.id);
    expect(await store.generations.generation(second.id)).toMatchObject({ state: 'cancelled' });
  }),

  fact('retires the previous generation, and forgets it in the entry', async ({ store, name }) => {
    const projection = name('orders');
    const first = await liveGeneration(store, projection);
    const second = await store.generations.begin(newGeneration(projection));
    await store.generations.swap({ generation: second, by: 'ada', held: [] });
    await store.generations.retire(first.id);
    const retired = await store.generations.generation(first.id);
    expect(retired).toMatchObject({ state: 'retired' });
    expect(retired?.endedAt).toBeInstanceOf(Date);
    const entry = await store.generations.entry(projection, 1);
    expect(entry).toMatchObject({ live: 2 });
    expect(entry?.previous).toBeUndefined();
  }),

  fact('does not retire what is live, also where a rollback was faster', async ({ store, connect, name }) => {
    // Retired, it would not be fed on, and could never become live again: reads would stand still for good.
    const projection = name('orders');
    const first = await liveGeneration(store, projection);
    const second = await store.generations.begin(newGeneration(projection));
    await store.generations.swap({ generation: second, by: 'ada', held: [] });
    const { generations } = await connect();
    await generations.swap({ generation: first, by: 'eve', held: [] });
    const before = await store.generations.entry(projection, 1);
    await store.generations.retire(first.id);
    const live = await generations.generation(first.id);
    expect(live).toMatchObject({ state: 'live' });
    expect(live?.endedAt).toBeUndefined();
    expect(await generations.entry(projection, 1)).toStrictEqual(before);
    expect(await generations.swap({ generation: second, by: 'ada', held: [] })).toBe(true);
    await store.generations.retire(first.id);
    expect(await generations.generation(first.id)).toMatchObject({ state: 'retired' });
  }),

  fact('touches the entry of its own version only', async ({ store, name }) => {
    const projection = name('orders');
    await liveGeneration(store, projection);
    const newer = await store.generations.begin(newGeneration(projection, { version: 2 }));
    await store.generations.swap({ generation: newer, by: 'ada', held: [] });
    expect(await store.generations.entry(projection, 1)).toMatchObject({ live: 1 });
    expect(await store.generations.entry(projection, 2)).toMatchObject({ live: 1, swappedBy: 'ada' });
  }),

  fact('lets either a swap or a claim of its partition win', async ({ store, connect, name }) => {
    const elsewhere = await connect();
    for (let round = 0; round < 5; round += 1) {
      const [projection, key] = [name('orders'), name('partition')];
      const generation = await store.generations.begin(newGeneration(projection));
      await store.checkpoints.claim(key, 1);
      const outcomes = await outcomesOf<unknown>([
        store.generations.swap({ generation, by: 'ada', held: [{ key, token: 1 }] }),
        elsewhere.checkpoints.claim(key, 2),
      ]);
      const [swapped, claimed] = valuesOf(outcomes);
      expect(claimed).toMatchObject({ token: 2 });
      expect((await store.generations.entry(projection, 1))?.live).toBe(swapped === true ? 1 : undefined);
      expect(await store.generations.swap({ generation, by: 'ada', held: [{ key, token: 2 }] })).toBe(true);
      expect(await store.generations.entry(projection, 1)).toMatchObject({ live: 1 });
    }
  }),

  fact(
    'tells listeners of every connection soon after a change, until they stop',
    async ({ store, connect, name, fixture }) => {
      const elsewhere = await connect();
      let heard = 0;
      let stoppedHeard = 0;
      const stop = elsewhere.generations.onChange(() => (heard += 1));
      elsewhere.generations.onChange(() => (stoppedHeard += 1))();
      try {
        const projection = name('orders');
        const begun = await store.generations.begin(newGeneration(projection));
        await expect.poll(() => heard, { timeout: fixture.patienceMs }).toBeGreaterThan(0);
        const before = heard;
        await store.generations.swap({ generation: begun, by: 'ada', held: [] });
        await expect.poll(() => heard, { timeout: fixture.patienceMs }).toBeGreaterThan(before);
        expect(stoppedHeard).toBe(0);
      } finally {
        stop();
      }
    },
  ),
];
