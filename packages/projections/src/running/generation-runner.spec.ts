import type { StoreConnection } from '@nestfold/core';
import { expect, it } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { accounts, begun, filled, processOf } from '../loading/load.fixture.js';
import { GenerationRunner } from './generation-runner.js';

// Taken over without a word, the notice that came then told nothing new, and nobody looked until the heartbeat.
it('a generation that was looked up is acted on as one that somebody told of', async () => {
  const store = await filled(10);
  const { id } = await begun(store);
  await store.generations.pauseBuild(id, true);
  const paused = (await store.generations.generation(id))!;
  const runner = new GenerationRunner(processOf(store, { heartbeatMs: 60_000 }), accounts, paused);
  runner.start();
  await store.generations.pauseBuild(id, false);
  const fresh = await runner.fresh();
  runner.update(fresh!);
  await expect.poll(async () => (await store.generations.generation(id))?.load?.done, { timeout: 5_000 }).toBe(true);
  await runner.stop();
});

// Found by the simulation (seed 203 of 2026-11-21): given back without a look, the checkpoint stayed, of a generation that nobody would ever take away again.
it('a partition that is taken just when its generation is dropped leaves nothing', async () => {
  const store = await memory();
  const { id } = await store.generations.begin({
    ...{ projection: accounts.name, version: accounts.version, readModels: [], partitions: 1 },
    ...{ epoch: await store.events.epoch(), startedBy: 'test' },
  });
  const generation = (await store.generations.generation(id))!;
  let arrived = (): void => undefined;
  const claiming = new Promise<void>((resolve) => (arrived = resolve));
  let go = (): void => undefined;
  const dropped = new Promise<void>((resolve) => (go = resolve));
  const claim: StoreConnection['checkpoints']['claim'] = async (key, token) => {
    arrived();
    await dropped;
    return store.checkpoints.claim(key, token);
  };
  const slow = { ...store, checkpoints: altered(store.checkpoints, { claim }) };
  const runner = new GenerationRunner(processOf(slow), accounts, generation);
  runner.start();
  await claiming;
  await store.generations.cancel(id);
  const stopped = runner.stop();
  go();
  await stopped;
  expect(await store.checkpoints.find(`${id}/0`)).toBeUndefined();
});
