import { expect, it } from 'vitest';
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
