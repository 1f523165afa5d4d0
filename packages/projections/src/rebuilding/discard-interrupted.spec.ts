import type { Generation, StoreConnection } from '@nestfold/core';
import { expect, it } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { contextOf } from '../fixtures/engines.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { partitionKey } from '../running/keys.js';
import { discard } from './discard.js';
import { sweep } from './sweep.js';

function begun(store: StoreConnection): Promise<Generation> {
  const generation = { projection: 'p', version: 1, readModels: ['r'], partitions: 2, epoch: 'e', startedBy: 'test' };
  return store.generations.begin(generation);
}

// Taken away once to see this fail: the `finally` that frees what was taken by force when the registry does not answer (who feeds the generation had to wait for the leases' end).
it('frees what it has fenced when the registry cannot be told', async () => {
  const store = await memory();
  const generation = await begun(store);
  const failing = discard(contextOf(store, { leaseMs: 60_000 }), generation, 'one', () =>
    Promise.reject(new Error('away')),
  );
  await expect(failing).rejects.toThrow('away');
  for (const partition of [0, 1])
    expect(
      await store.leases.acquire(partitionKey(generation, partition), { owner: 'two', ttlMs: 1_000 }),
    ).toBeDefined();
});

// Taken away once to see this fail: the catch of `NotFound` in `discard` (the sweep ended there, and what it had claimed stayed for good).
it('is nothing to a sweep that another process has ended and forgotten what it found', async () => {
  const store = await memory();
  const left = await begun(store);
  const retire: typeof store.generations.retire = async (id) => {
    await store.generations.cancel(id);
    await store.generations.forget(id);
    await store.generations.retire(id);
  };
  // As behind a crash: named by no entry.
  const entry: typeof store.generations.entry = () => Promise.resolve({ projection: 'p', version: 1 });
  const context = contextOf({ ...store, generations: altered(store.generations, { retire, entry }) });
  await sweep(context, { projection: 'p', version: 1 }, 'one');
  expect(await store.checkpoints.findAll([0, 1].map((partition) => partitionKey(left, partition)))).toEqual([]);
});
