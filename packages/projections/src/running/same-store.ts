import {
  NestfoldError,
  secondsOf,
  StoreUnavailable,
  type ChangeFeed,
  type Checkpoint,
  type Position,
  type StoreTime,
} from '@nestfold/core';
import { later } from '../following/store-clock.js';

/** The store does not hold what was read from it: it was restored from a backup. Rebuild its read models. */
export class StoreRestored extends NestfoldError {
  readonly code = 'store.restored';
  readonly retry = 'never';
}

/** A primary that was just elected may not know yet what time the former one told; by how much is a matter of seconds. */
const BEHIND_SECONDS = 60;

/**
 * Compares what was taken, and the moments of the store at which it was read, with the store. Throws `StoreRestored` when the last commit is gone or another, or when the
 * store's clock has not come to such a moment; `StoreUnavailable` while it surely will soon.
 */
export async function assertSameStore(
  feed: ChangeFeed,
  { last, position }: Pick<Partial<Checkpoint>, 'last' | 'position'>,
): Promise<void> {
  const asked = position && lastMomentOf(position);
  const [isHeld, now] = await Promise.all([last === undefined || feed.holds(last), asked && feed.now()]);
  if (last !== undefined && !isHeld)
    throw new StoreRestored(
      `The store no longer holds '${last.stream}' at version ${last.version} as it was read: it was restored from a backup. Rebuild the projections; give an events handler another name, under which it begins where it says.`,
      { ...last },
    );
  if (asked === undefined || now === undefined || asked <= now) return;
  const seconds = secondsOf(asked) - secondsOf(now);
  if (seconds <= BEHIND_SECONDS)
    throw new StoreUnavailable(
      'The clock of the store has not come to the moment at which it was read. Try again later.',
    );
  throw new StoreRestored(
    `The clock of the store stands ${seconds} s before the moment at which it was read: it was restored from a backup. Rebuild the projections; give an events handler another name, under which it begins where it says.`,
    { asked, now },
  );
}

/** The latest moment of the store of which a place speaks; none of one in a topic. */
function lastMomentOf(position: Position): StoreTime | undefined {
  if (position.phase === 'topic') return undefined;
  const { began } = position;
  return position.phase === 'history' ? began : later(position.asOf, later(position.feed?.time, began));
}
