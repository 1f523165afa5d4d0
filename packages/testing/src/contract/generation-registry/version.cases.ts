import type { RegistryEntry, StoreConnection } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { outcomesOf, valuesOf } from '../outcome.js';
import { liveGeneration, newGeneration } from './sample-generation.js';

const HOUR = 3_600_000;
const SHORT = 400;

/** Those of one projection that are being dropped. */
async function dropping({ generations }: StoreConnection, projection: string): Promise<RegistryEntry[]> {
  return (await generations.expire(HOUR)).filter((entry) => entry.projection === projection);
}

/** How versions are kept in use, dropped and paused. */
export const versionCases = [
  fact(
    'drops a version that nobody has named in time, and no other one [D-5]',
    async ({ store, connect, name, fixture }) => {
      const projection = name('orders');
      await liveGeneration(store, projection);
      await store.generations.begin(newGeneration(projection, { version: 2 }));
      await store.generations.begin(newGeneration(projection, { version: 3 }));
      const { generations } = await connect();
      await generations.name([{ projection, version: 1 }], SHORT);
      await generations.name([{ projection, version: 2 }], HOUR);
      expect(await dropping(store, projection)).toEqual([]);
      expect((await store.generations.entry(projection, 2))?.namedAt).toBeInstanceOf(Date);
      await fixture.elapse(SHORT + 100);
      expect(await dropping(store, projection)).toMatchObject([{ version: 1, live: 1, dropping: true }]);
      // Who found it before may have died since.
      expect(await dropping(await connect(), projection)).toMatchObject([{ version: 1 }]);
      expect((await generations.entry(projection, 2))?.dropping).toBeUndefined();
      expect((await generations.entry(projection, 3))?.dropping).toBeUndefined();
    },
  ),

  fact(
    'keeps for as long as whoever named it last has said, not the one who looks',
    async ({ store, name, fixture }) => {
      const projection = name('orders');
      await liveGeneration(store, projection);
      await store.generations.name([{ projection, version: 1 }], HOUR);
      await fixture.elapse(SHORT + 100);
      const found = (await store.generations.expire(SHORT)).filter((entry) => entry.projection === projection);
      expect(found).toEqual([]);
      // A shorter time counts once a third of it has passed; a longer one at once.
      await store.generations.name([{ projection, version: 1 }], SHORT);
      expect(await store.generations.entry(projection, 1)).toMatchObject({ keepMs: SHORT });
      await store.generations.name([{ projection, version: 1 }], HOUR);
      expect(await store.generations.entry(projection, 1)).toMatchObject({ keepMs: HOUR });
    },
  ),

  fact('names again only after a third of the time', async ({ store, name, fixture }) => {
    const projection = name('orders');
    const named = async (): Promise<number | undefined> =>
      (await store.generations.entry(projection, 1))?.namedAt?.getTime();
    await liveGeneration(store, projection);
    await store.generations.name([{ projection, version: 1 }], 10_000);
    const first = await named();
    await store.generations.name([{ projection, version: 1 }], 10_000);
    expect(await named()).toBe(first);
    await fixture.elapse(200);
    await store.generations.name([{ projection, version: 1 }], 10_000);
    expect(await named()).toBe(first);
    await store.generations.name([{ projection, version: 1 }], 300);
    expect(await named()).toBeGreaterThan(first ?? Infinity);
    expect(await store.generations.name([{ projection: name('orders'), version: 9 }], HOUR)).toBeUndefined();
  }),

  fact('names nothing that is being dropped', async ({ store, name, fixture }) => {
    const projection = name('orders');
    const { id } = await liveGeneration(store, projection);
    await store.generations.name([{ projection, version: 1 }], 1);
    await fixture.elapse(50);
    expect(await dropping(store, projection)).toHaveLength(1);
    await store.generations.name([{ projection, version: 1 }], HOUR);
    expect(await dropping(store, projection)).toMatchObject([{ keepMs: 1 }]);
    await store.generations.retire(id);
    expect(await store.generations.generation(id)).toMatchObject({ state: 'retired' });
  }),

  fact(
    'either drops or keeps a version that is named at the same moment [D-5]',
    async ({ store, connect, name, fixture }) => {
      const elsewhere = await connect();
      for (let round = 0; round < 5; round += 1) {
        const projection = name('orders');
        await liveGeneration(store, projection);
        await store.generations.name([{ projection, version: 1 }], 1);
        await fixture.elapse(20);
        const outcomes = await outcomesOf<unknown>([
          dropping(store, projection),
          elsewhere.generations.name([{ projection, version: 1 }], HOUR),
        ]);
        const [found] = valuesOf(outcomes) as [RegistryEntry[]];
        const entry = await store.generations.entry(projection, 1);
        expect(entry?.keepMs).toBe(found.length === 1 ? 1 : HOUR);
        expect(entry?.dropping).toBe(found.length === 1 ? true : undefined);
      }
    },
  ),

  fact('forgets a version that was dropped, but not its numbers', async ({ store, connect, name, fixture }) => {
    const projection = name('orders');
    const first = await liveGeneration(store, projection);
    expect(await store.generations.endDrop({ projection, version: 1 })).toBe(false);
    await store.generations.name([{ projection, version: 1 }], 1);
    await fixture.elapse(50);
    expect(await dropping(store, projection)).toHaveLength(1);
    await store.generations.retire(first.id);
    expect(await store.generations.endDrop({ projection, version: 1 })).toBe(true);
    const { generations } = await connect();
    expect(await generations.entry(projection, 1)).toBeUndefined();
    expect((await generations.entries()).filter((entry) => entry.projection === projection)).toEqual([]);
    expect(await dropping(store, projection)).toEqual([]);
    expect(await generations.endDrop({ projection, version: 1 })).toBe(false);
    const again = await generations.begin(newGeneration(projection));
    expect(again.number).toBe(2);
    expect(Object.values(again.collections)).not.toEqual(expect.arrayContaining(Object.values(first.collections)));
    expect(await generations.entry(projection, 1)).toMatchObject({ building: 2 });
    expect(await generations.entry(projection, 1)).not.toHaveProperty('live');
  }),

  fact(
    'begins anew, with a number of its own, while its version is being dropped',
    async ({ store, name, fixture }) => {
      const projection = name('orders');
      const first = await liveGeneration(store, projection);
      const second = await store.generations.begin(newGeneration(projection));
      await store.generations.pause(projection, 'ada');
      await store.generations.name([{ projection, version: 1 }], 1);
      await fixture.elapse(50);
      expect(await dropping(store, projection)).toHaveLength(1);
      const third = await store.generations.begin(newGeneration(projection));
      expect(third.number).toBe(3);
      const entry = await store.generations.entry(projection, 1);
      expect(entry).toMatchObject({ building: 3 });
      for (const field of ['live', 'previous', 'dropping', 'paused']) expect(entry).not.toHaveProperty(field);
      // Who drops goes on with what it had found, and ends nothing of what has begun.
      expect(await store.generations.endDrop({ projection, version: 1 })).toBe(false);
      for (const { id } of [first, second, third]) await store.generations.retire(id);
      expect((await store.generations.generations(projection, 1)).map(({ state }) => state)).toEqual([
        'retired',
        'retired',
        'building',
      ]);
      expect(await store.generations.entry(projection, 1)).toMatchObject({ building: 3 });
    },
  ),

  fact('moves no pointer of a version that is being dropped', async ({ store, name, fixture }) => {
    const projection = name('orders');
    await liveGeneration(store, projection);
    const generation = await store.generations.begin(newGeneration(projection));
    await store.generations.name([{ projection, version: 1 }], 1);
    await fixture.elapse(50);
    expect(await dropping(store, projection)).toHaveLength(1);
    expect(await store.generations.swap({ generation, by: 'ada', held: [] })).toBe(false);
  }),

  fact(
    'pauses all versions of a projection, and remembers who did so first [D-6]',
    async ({ store, connect, name }) => {
      const [projection, other] = [name('orders'), name('orders')];
      await liveGeneration(store, projection);
      await store.generations.begin(newGeneration(projection, { version: 2 }));
      await liveGeneration(store, other);
      const { generations } = await connect();
      expect(await generations.pause(projection, 'ada')).toBe(true);
      expect(await generations.pause(projection, 'eve')).toBe(true);
      for (const version of [1, 2])
        expect((await store.generations.entry(projection, version))?.paused).toStrictEqual({
          by: 'ada',
          at: expect.any(Date) as Date,
        });
      expect(await store.generations.entry(other, 1)).not.toHaveProperty('paused');
      expect(await store.generations.resume(projection)).toBe(true);
      for (const version of [1, 2]) expect(await generations.entry(projection, version)).not.toHaveProperty('paused');
      expect(await generations.entry(projection, 1)).toMatchObject({ live: 1 });
      expect(await generations.pause(name('orders'), 'ada')).toBe(false);
      expect(await generations.resume(name('orders'))).toBe(false);
    },
  ),

  fact('holds back and throttles a build, and nothing else', async ({ store, connect, name }) => {
    const projection = name('orders');
    const { id } = await store.generations.begin(newGeneration(projection, { throttle: 500 }));
    const { generations } = await connect();
    expect(await generations.generation(id)).toMatchObject({ throttle: 500 });
    expect(await store.generations.pauseBuild(id, true)).toBe(true);
    expect(await store.generations.throttleBuild(id, 20)).toBe(true);
    expect(await generations.generation(id)).toMatchObject({ state: 'building', paused: true, throttle: 20 });
    expect(await store.generations.pauseBuild(id, false)).toBe(true);
    expect(await store.generations.throttleBuild(id, undefined)).toBe(true);
    const free = await generations.generation(id);
    expect(free).not.toHaveProperty('paused');
    expect(free).not.toHaveProperty('throttle');
    const live = await liveGeneration(store, name('orders'));
    await store.generations.cancel(id);
    for (const ended of [live.id, id]) {
      expect(await store.generations.pauseBuild(ended, true)).toBe(false);
      expect(await store.generations.throttleBuild(ended, 1)).toBe(false);
      expect(await generations.generation(ended)).not.toHaveProperty('paused');
    }
  }),
];
