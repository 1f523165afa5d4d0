import type { Generation } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';
import { partitionKey } from '../running/keys.js';

/**
 * Drops what a generation stored, once nobody can write to it: its partition's lease is taken by force and its checkpoint claimed, so that a
 * paused owner is fenced and cannot make a dropped collection again. `end` tells the registry first; a crash after it leaves
 * only what the next start sweeps away. A generation that the registry does not end (it is live by now) keeps everything. Repeatable.
 */
export async function discard(
  context: EngineContext,
  generation: Generation,
  owner: string,
  end: () => Promise<void>,
): Promise<void> {
  const { leases, checkpoints, readModels, generations } = context.connection;
  const key = partitionKey(generation);
  const lease = await leases.acquire(key, { owner, ttlMs: context.settings.leaseMs, force: true });
  if (lease !== undefined) await checkpoints.claim(key, lease.token);
  await end();
  // Whoever decided to discard it may have been overtaken by the swap: what is live is fed on.
  const state = (await generations.generation(generation.id))?.state;
  if (state === 'cancelled' || state === 'retired') {
    for (const collection of Object.values(generation.collections)) await readModels.drop(collection);
    await checkpoints.remove(key);
  }
  if (lease !== undefined) await leases.release(lease);
}
