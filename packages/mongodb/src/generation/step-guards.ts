import { hasReached, type HeldToken, type Swap } from '@nestfold/core';
import type { ClientSession, Collection } from 'mongodb';
import { checkpointPosition, type CheckpointDocument } from '../checkpoint/checkpoint-document.js';

/** A step that is not to happen: thrown so that its transaction leaves nothing. */
export class StepRefused extends Error {}

/**
 * Throws `StepRefused` where a token is lost. Written, not only read: a claim of one of these checkpoints at the same time meets the step, and one of the
 * two fails.
 */
export async function insistOnHeld(
  checkpoints: Collection<CheckpointDocument>,
  held: readonly HeldToken[],
  step: string,
  session: ClientSession,
): Promise<void> {
  if (held.length === 0) return;
  const { matchedCount } = await checkpoints.bulkWrite(
    held.map(({ key, token }) => ({ updateOne: { filter: { _id: key, token }, update: { $set: { swap: step } } } })),
    { session, ordered: true },
  );
  if (matchedCount !== held.length) throw new StepRefused();
}

/** Throws `StepRefused` where a place is not reached. Only read: a place once reached stays reached, whoever feeds the partition. */
export async function insistOnReached(
  checkpoints: Collection<CheckpointDocument>,
  { keys, target }: NonNullable<Swap['reached']>,
  session: ClientSession,
): Promise<void> {
  const found = await checkpoints.find({ _id: { $in: [...keys] } }, { session }).toArray();
  const there = found.filter(({ position }) => position && hasReached(checkpointPosition(position), target));
  if (there.length < keys.length) throw new StepRefused();
}
