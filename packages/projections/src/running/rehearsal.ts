import { envelopesOf, type ChangeFeed, type Checkpoint, type Commit, type Generation } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import { ProjectionFold } from '../fold/projection-fold.js';
import type { EngineContext } from './engine-context.js';
import { partitionKeys } from './keys.js';
import { assertSameStore } from './same-store.js';

const COMMITS = 200;
const WAIT_MS = 100;
/** Partitions that come one after the other overlap a little: each session wants a connection. */
const AT_ONCE = 2;
const ROUNDS = 5;

/**
 * Goes once, without effect, through all that feeding a live generation takes: connections are opened and code is compiled before this process says that it is
 * there, not while a partition that it was given stands still. Throws what the store throws.
 */
export async function rehearse(
  context: EngineContext,
  definition: ProjectionDefinition,
  generation: Generation,
): Promise<void> {
  const { connection, types } = context;
  const fold = new ProjectionFold(definition, types, generation.collections, generation.slicing ?? 'single');
  const checkpoints = await connection.checkpoints.findAll(partitionKeys(generation));
  const commits = await lastCommits(connection.feed, checkpoints);
  const read = checkpoints.find((one) => one.last !== undefined) ?? {};
  const wanted = new Set(definition.events.map(({ name }) => name));
  const known = commits.filter(({ events }) => events.some(({ type }) => wanted.has(type)));
  const once = async (): Promise<void> => {
    const writer = await connection.checkpoints.openWriter(generation.id);
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        // What the owner of a partition reads first.
        await Promise.all([
          assertSameStore(connection.feed, read),
          connection.parked.find(generation.id),
          connection.generations.generation(generation.id),
        ]);
        await writer.rehearse?.(async (models) => {
          const batch = fold.begin();
          for (const commit of known) batch.addAll(envelopesOf(commit));
          await batch.apply(models);
        });
      }
    } finally {
      await writer.close();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, once));
}

/** What a follower would read that went on where a partition stands. */
async function lastCommits(feed: ChangeFeed, checkpoints: readonly Checkpoint[]): Promise<readonly Commit[]> {
  const stored = checkpoints.find(({ position }) => position?.phase === 'live' && position.feed !== undefined);
  if (stored?.position?.phase !== 'live' || stored.position.feed === undefined) return [];
  const subscription = feed.subscribe({ after: stored.position.feed });
  try {
    const { commits } = await subscription.next({ max: COMMITS, waitMs: WAIT_MS });
    return commits.map(({ commit }) => commit);
  } finally {
    await subscription.close();
  }
}
