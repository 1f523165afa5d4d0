import type { Position } from './checkpoint.js';

/** Whether everything that one position has is also had by the other. Tokens of one feed compare as text. */
export function hasReached(own: Position | undefined, other: Position): boolean {
  if (own?.phase !== 'live') return false;
  if (other.phase === 'history') return true;
  if (other.feed === undefined) return own.feed !== undefined && own.feed.time >= other.horizon;
  return own.feed !== undefined && own.feed.token >= other.feed.token;
}

/** The one of several positions that has all that the others have; `undefined` of none. */
export function furthest(positions: readonly Position[]): Position | undefined {
  return positions.reduce<Position | undefined>(
    (best, one) => (best === undefined || !hasReached(best, one) ? one : best),
    undefined,
  );
}
