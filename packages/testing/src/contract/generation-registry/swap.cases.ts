import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { outcomesOf, valuesOf } from '../outcome.js';
import { liveGeneration, newGeneration } from './sample-generation.js';

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

  fact('does not make a generation live whose cancel was asked for', async ({ store, name }) => {
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
