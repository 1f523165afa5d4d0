import type { StoreConnection } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { contextOf, endEnginesAfterEach, ordersOf, place, started } from '../fixtures/engines.fixture.js';
import { DailyTotalProjection } from '../fixtures/shop.fixture.js';
import { documents, memory } from '../fixtures/store.fixture.js';
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

it('a generation that two quick rebuilds left unnamed is dropped too, after its grace', async () => {
  // Taken away once to see this fail: the sweep (the first generation stayed for ever).
  const store = await memory();
  await place(store, '1');
  const one = await started(store, [DailyTotalProjection]);
  for (const generation of [2, 3]) {
    await one.settled();
    await one.rebuild('daily-total', 'test');
    await vi.waitFor(async () => expect(await one.status('daily-total')).toMatchObject({ generation, state: 'live' }));
  }
  const left = async (): Promise<number[]> => {
    const all = await store.generations.generations('daily-total', 1);
    return Promise.all(
      all.map(async ({ collections }) => (await documents(store, collections['daily_total'] ?? '')).size),
    );
  };
  await vi.waitFor(async () => expect(await left()).toEqual([0, 0, 1]), { timeout: 5_000 });
  expect(await ordersOf(one)).toBe(1);
});
