import type { StoreConnection } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { contextOf, endEnginesAfterEach, ordersOf, place, started } from '../fixtures/engines.fixture.js';
import { DailyTotalProjection } from '../fixtures/shop.fixture.js';
import { documents, fast, memory } from '../fixtures/store.fixture.js';
import { partitionKey } from '../running/keys.js';
import { discard } from './discard.js';

endEnginesAfterEach();

it('a dropped generation is fenced first: a paused owner cannot make its collections again [B-9]', async () => {
  // Taken away once to see this fail: the claim in `discard` (the owner's batch was stored, and its collection was there again).
  const store = await memory();
  const begun = await store.generations.begin({
    projection: 'p',
    version: 1,
    readModels: ['r'],
    partitions: 1,
    epoch: 'e',
    startedBy: 'test',
  });
  const key = partitionKey(begun, 0);
  const claimed = await store.checkpoints.claim(key, 1);
  const owner = await store.checkpoints.openWriter(key);
  const collection = begun.collections['r'] ?? '';
  let outcome = '';
  // The owner wakes up when the collection has just gone.
  const drop: StoreConnection['readModels']['drop'] = async (name) => {
    await store.readModels.drop(name);
    const batch = { key, token: 1, previous: claimed?.batch ?? '', id: 'late' };
    const written = await owner.write(
      { ...batch, position: { phase: 'history', began: '', horizon: '' } },
      async (models) => models.apply(name, [{ kind: 'insert', id: '1', document: { _id: '1' } }]),
    );
    outcome = written.kind;
  };
  const context = contextOf({ ...store, readModels: altered(store.readModels, { drop }) });
  await discard(context, begun, 'another', () => store.generations.cancel(begun.id));
  expect(['fenced', 'superseded']).toContain(outcome);
  expect((await documents(store, collection)).size).toBe(0);
});

// Taken away once to see this fail: the sweep (the first generations stayed for ever); with a look at the latest twenty only, the first four of the 24 did.
it.each([3, 24])(
  'of %i generations that quick rebuilds left unnamed the last stays, after its grace',
  { timeout: 20_000 },
  async (last) => {
    const store = await memory();
    await place(store, '1');
    const quick = await started(store, [DailyTotalProjection], { settings: { ...fast, graceMs: 60_000 } });
    for (let generation = 2; generation <= last; generation += 1) {
      await quick.settled();
      await quick.rebuild('daily-total', 'test');
      await vi.waitFor(
        async () => expect(await quick.status('daily-total')).toMatchObject({ generation, state: 'live' }),
        { interval: 10, timeout: 10_000 },
      );
    }
    await quick.stop();
    const one = await started(store, [DailyTotalProjection]);
    const left = async (): Promise<number[]> => {
      const all = await store.generations.generations('daily-total', 1);
      return Promise.all(
        all.map(async ({ collections }) => (await documents(store, collections['daily_total'] ?? '')).size),
      );
    };
    await vi.waitFor(async () => expect(await left()).toEqual([...new Array<number>(last - 1).fill(0), 1]), {
      timeout: 5_000,
    });
    expect(await ordersOf(one)).toBe(1);
  },
);

// Taken away once to see this fail: `forget` in the sweep (a look at a version read all generations that it ever had).
it('of generations that ended long ago nothing is kept, their leases neither', { timeout: 20_000 }, async () => {
  const store = await memory();
  const forgotten: string[] = [];
  const forget = async (keys: readonly string[]): Promise<void> => void forgotten.push(...keys);
  const begun = { projection: 'daily-total', version: 1, readModels: ['daily_total'], partitions: 2, epoch: 'e' };
  for (let number = 1; number <= 24; number += 1) {
    const { id } = await store.generations.begin({ ...begun, startedBy: 'test' });
    await store.generations.cancel(id);
  }
  await place(store, '1');
  await started({ ...store, leases: altered(store.leases, { forget }) }, [DailyTotalProjection]);
  const known = async (): Promise<number[]> =>
    (await store.generations.generations('daily-total', 1)).map(({ number }) => number);
  await vi.waitFor(async () => expect(await known()).toEqual(Array.from({ length: 21 }, (_, index) => index + 5)), {
    timeout: 5_000,
  });
  expect(forgotten).toEqual([1, 2, 3, 4].flatMap((number) => [0, 1].map((part) => `daily-total.1.${number}/${part}`)));
});
