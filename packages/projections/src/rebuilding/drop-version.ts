import type { ProjectionVersion } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';
import { discard } from './discard.js';
import { dropRest, isEnded } from './sweep.js';

/**
 * Takes away what a version stored that nobody uses any more: each generation is fenced, ended, and its collections, checkpoints, watermarks and parked
 * streams are removed, and what a crash has left of those that had ended; then the entry. Needs no code of that version. Ends as soon as somebody has begun the version anew, which has a generation
 * of its own and leaves these to its sweep. Answers whether the version is gone. Repeatable, by any process.
 */
export async function dropVersion(
  context: EngineContext,
  { projection, version }: ProjectionVersion,
  owner: string,
): Promise<boolean> {
  const { connection, logger } = context;
  const { generations } = connection;
  const all = await generations.generations(projection, version);
  // Read after the list: a generation that has begun since is not in it, and one that had begun before has ended the drop.
  if (!(await generations.entry(projection, version))?.dropping) return false;
  for (const generation of all) {
    if (!isEnded(generation)) await discard(context, generation, owner, () => generations.retire(generation.id));
    // After this nobody sweeps behind a crash any more.
    else await dropRest(context, generation);
  }
  const isGone = await generations.endDrop({ projection, version });
  if (isGone) logger.info('A version that nobody uses any more was dropped.', { projection, version });
  return isGone;
}
