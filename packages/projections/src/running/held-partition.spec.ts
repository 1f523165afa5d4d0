import type { StoreConnection } from '@nestfold/core';
import { expect, it } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { contextOf } from '../fixtures/engines.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { HeldPartition } from './held-partition.js';

// With the lease freed as if nothing were left, the next owner knew no session to end, and waited for the database to do it.
it.each([
  ['nothing hangs in its session', () => Promise.resolve(true), false],
  ['a batch still hangs in its session', () => Promise.resolve(false), true],
  ['its session could not be ended', () => Promise.reject(new Error('no answer')), true],
])('a partition is freed and says that %s', async (_how, close, sessionOpen) => {
  const store = await memory();
  const openWriter: StoreConnection['checkpoints']['openWriter'] = async (key) =>
    altered(await store.checkpoints.openWriter(key), { close });
  const released: unknown[] = [];
  const release: StoreConnection['leases']['release'] = (lease, options) => {
    released.push(options);
    return store.leases.release(lease, options);
  };
  const changed = {
    checkpoints: altered(store.checkpoints, { openWriter }),
    leases: altered(store.leases, { release }),
  };
  const held = await HeldPartition.take(contextOf({ ...store, ...changed }), 'p', 'one');
  await held?.release();
  expect(released).toEqual([{ sessionOpen }]);
  expect(await store.leases.find('p')).toBeUndefined();
});

// Neither was known then: the owner went on as one, and never came to the end of its release.
it('a partition is lost when a renewal is not answered for as long as its lease lasts, and can be released then', async () => {
  const store = await memory();
  const silent = altered(store.leases, { renew: () => new Promise(() => undefined) });
  const held = await HeldPartition.take(contextOf({ ...store, leases: silent }, { leaseMs: 60 }), 'p', 'one');
  await expect.poll(() => held?.signal.aborted, { timeout: 5_000 }).toBe(true);
  await expect(held?.release()).resolves.toBeUndefined();
});
