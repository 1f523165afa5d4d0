import { parkedStreamId, partitionOf, type Commit, type Generation } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import type { EngineContext } from '../running/engine-context.js';
import { partitionKey } from '../running/keys.js';
import { APPLIED, notYet, type WaitOutcome, type WaitTarget } from './wait-for.js';
import type { Waiter } from './waiters.js';

/** Whether a projection subscribes to none of a commit's events: nothing of it will ever be applied, so all of it is. */
export function concernsNone({ events }: ProjectionDefinition, types: readonly string[]): boolean {
  return !events.some(({ name }) => types.includes(name));
}

/** The commit that holds the version, as it is stored. */
export async function commitOf({ connection }: EngineContext, target: WaitTarget): Promise<Commit | undefined> {
  const { stream, version } = target;
  return (await connection.events.read(stream, { fromVersion: version, limit: 1 })).commits[0];
}

/**
 * Asks the store whether one generation has applied a commit; `undefined`: not yet. What a parking could contradict (floor and watermark) is read
 * first, for a stream is parked before the floor rises above what it holds, and what is free again was applied.
 */
export async function lookInStore(
  { connection: { checkpoints, parked } }: EngineContext,
  generation: Generation,
  { stream, version, position }: WaitTarget,
  waiter: Waiter,
): Promise<WaitOutcome | undefined> {
  const key = partitionKey(generation, partitionOf(stream, generation.partitions));
  if (waiter.hasApplied(generation.id, version)) return APPLIED;
  const [checkpoint, marks] = await Promise.all([checkpoints.find(key), checkpoints.watermarks(key, [stream])]);
  const held = await parked.get(parkedStreamId(generation.id, stream));
  if (held !== undefined && held.applied < version)
    return notYet('parked', `The stream '${stream}' is held back since ${held.error.event} could not be applied.`);
  if (checkpoint?.floor !== undefined && position < checkpoint.floor) return APPLIED;
  return (marks.get(stream)?.applied ?? 0) >= version ? APPLIED : undefined;
}
