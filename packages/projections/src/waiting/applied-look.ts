import type { Commit, Generation } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import type { EngineContext } from '../running/engine-context.js';
import type { StreamLooks } from './stream-looks.js';
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

/** Asks the store whether one generation has applied a commit; `undefined`: not yet. */
export async function lookInStore(
  looks: StreamLooks,
  generation: Generation,
  { stream, version, position }: WaitTarget,
  waiter: Waiter,
): Promise<WaitOutcome | undefined> {
  if (waiter.hasApplied(generation.id, version)) return APPLIED;
  const { floor, applied, held } = await looks.at(generation, stream);
  if (held !== undefined && held.applied < version)
    return notYet('parked', `The stream '${stream}' is held back since ${held.error.event} could not be applied.`);
  if (floor !== undefined && position < floor) return APPLIED;
  return applied >= version ? APPLIED : undefined;
}
