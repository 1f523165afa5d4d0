import type { StoreTime } from '../feed/store-time.js';
import type { Position } from './checkpoint.js';

type Live = Extract<Position, { phase: 'live' }>;

/** Whether everything that one position has is also had by the other. Tokens of one feed compare as text. */
export function hasReached(own: Position | undefined, other: Position): boolean {
  if (own?.phase !== 'live') return false;
  if (other.phase === 'history') return true;
  // Of what was visible at `asOf` nobody can say how much it has by the place on the feed.
  if (own.after !== undefined) return false;
  const { asOf, feed, horizon } = other;
  if (asOf !== undefined) return hadBy(own, asOf) || (own.feed !== undefined && own.feed.time > asOf);
  if (feed === undefined) return hadBy(own, horizon) || (own.feed !== undefined && own.feed.time >= horizon);
  return hadBy(own, feed.time) || (own.feed !== undefined && own.feed.token >= feed.token);
}

/** The one of several positions that has all that the others have; `undefined` of none. */
export function furthest(positions: readonly Position[]): Position | undefined {
  return positions.reduce<Position | undefined>(
    (best, one) => (best === undefined || !hasReached(best, one) ? one : best),
    undefined,
  );
}

/** Whether what was visible then was had at once, whatever the place on the feed is. */
function hadBy({ asOf }: Live, time: StoreTime): boolean {
  return asOf !== undefined && asOf >= time;
}
