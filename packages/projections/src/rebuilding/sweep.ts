import type { Generation, RegistryEntry } from '@nestfold/core';
import { loadKeys } from '../loading/load-place.js';
import type { EngineContext } from '../running/engine-context.js';
import { partitionKeys } from '../running/keys.js';
import { discard } from './discard.js';

/** So many ended generations of a version are kept in mind. */
const LATEST = 20;

/**
 * Takes away what crashes left: generations that no entry names any more, and collections of those that ended; and what is known of those that ended
 * long ago. Run at start and after each swap; harmless beside others that do the same.
 */
export async function sweep(context: EngineContext, entry: RegistryEntry, owner: string): Promise<void> {
  const { generations } = context.connection;
  const all = await generations.generations(entry.projection, entry.version);
  const named = new Set([entry.live, entry.building, entry.previous]);
  const newest = Math.max(0, ...all.map(({ number }) => number));
  for (const generation of all) {
    if (named.has(generation.number)) continue;
    if (isEnded(generation)) {
      await dropRest(context, generation);
      if (generation.number < newest - LATEST) await forget(context, generation);
    } else if (await isStillUnnamed(context, generation))
      await discard(context, generation, owner, () => generations.retire(generation.id));
  }
}

/** Whether a generation has come to its end: nobody feeds it or reads it. */
export const isEnded = ({ state }: Generation): boolean => state === 'retired' || state === 'cancelled';

/** What a discard did not come to, and a checkpoint that was claimed by somebody who did not know yet; with it go its watermarks and parked streams. */
export async function dropRest({ connection }: EngineContext, generation: Generation): Promise<void> {
  const { readModels, checkpoints } = connection;
  for (const collection of Object.values(generation.collections)) await readModels.drop(collection);
  const left = await checkpoints.findAll([...partitionKeys(generation), ...loadKeys(generation)]);
  for (const { key } of left) await checkpoints.remove(key);
}

/** Its keys are never used again. Whoever slept since finds no generation under the one it fed, and none of its tokens. */
async function forget({ connection }: EngineContext, generation: Generation): Promise<void> {
  await connection.leases.forget([...partitionKeys(generation), ...loadKeys(generation)]);
  await connection.generations.forget(generation.id);
}

/** The entry was read before the generations: one that was begun in between is not to be taken for a leftover. */
async function isStillUnnamed(
  { connection }: EngineContext,
  { projection, version, number }: Generation,
): Promise<boolean> {
  const entry = await connection.generations.entry(projection, version);
  return entry !== undefined && ![entry.live, entry.building, entry.previous].includes(number);
}
