import { isNotFound, type Generation, type Lease } from '@nestfold/core';
import { loadKeys } from '../loading/load-place.js';
import type { EngineContext } from '../running/engine-context.js';
import { partitionKeys } from '../running/keys.js';

/**
 * Drops what a generation stored, once nobody can write to it: the leases of its partitions and of its load are taken by force and their checkpoints claimed, so that a
 * paused owner is fenced and cannot make a dropped collection again. `end` tells the registry first; a crash after it leaves
 * only what the next start sweeps away. A generation that the registry does not end (it is live by now) keeps everything, and is free to be fed on, also where the
 * registry could not be told; of one that another process has ended and forgotten meanwhile nothing stays. Repeatable.
 */
export async function discard(
  context: EngineContext,
  generation: Generation,
  owner: string,
  end: () => Promise<void>,
): Promise<void> {
  const { leases, checkpoints, readModels, generations } = context.connection;
  const fences = new Map<string, Lease | undefined>();
  const fence = async (key: string): Promise<void> => {
    if (fences.has(key)) return;
    const lease = await leases.acquire(key, { owner, ttlMs: context.settings.leaseMs, force: true });
    fences.set(key, lease);
    if (lease !== undefined) await checkpoints.claim(key, lease.token);
  };
  try {
    await Promise.all(partitionKeys(generation).map(fence));
    await end().catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
    // Whoever decided to discard it may have been overtaken by the swap: what is live is fed on.
    const ended = await generations.generation(generation.id);
    if (ended !== undefined && ended.state !== 'cancelled' && ended.state !== 'retired') return;
    // Looked up now: its load may have been planned while this one was on its way, and cannot be any more.
    await Promise.all(loadKeys(ended ?? generation).map(fence));
    for (const collection of Object.values(generation.collections)) await readModels.drop(collection);
    for (const key of fences.keys()) await checkpoints.remove(key);
  } finally {
    // What cannot be freed expires.
    await Promise.allSettled([...fences.values()].map(async (lease) => lease && leases.release(lease)));
  }
}
