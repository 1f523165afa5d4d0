import type { FeedPosition } from '../feed/feed-position.js';
import type { StoreTime } from '../feed/store-time.js';
import type { Position, TopicPosition } from './checkpoint.js';

type Live = Extract<Position, { phase: 'live' }>;

/**
 * Whether everything that one position has is also had by the other. Tokens of one feed compare as text. Of a topic partitions are compared one by one:
 * one that a position does not name is not its own, and one of a topic never compares with one of the store.
 */
export function hasReached(own: Position | undefined, other: Position): boolean {
  if (own?.phase === 'topic') return other.phase === 'topic' && hasOffsets(own, other);
  if (own?.phase !== 'live' || other.phase === 'topic') return false;
  if (other.phase === 'history') return true;
  // Of what was visible at `asOf` nobody can say how much it has by the place on the feed.
  if (own.after !== undefined) return false;
  const { asOf, feed, began } = other;
  if (asOf !== undefined) return hadBy(own, asOf) || (own.feed !== undefined && own.feed.time > asOf);
  // What is older than its horizon it has as of the moment at which history began.
  if (feed === undefined) return hadBy(own, began) || (own.feed !== undefined && hasAllOf(own.feed, began));
  return hadBy(own, feed.time) || (own.feed !== undefined && own.feed.token >= feed.token);
}

/** One that has all that several positions have: of a feed the furthest of them, of a topic the furthest of each partition; `undefined` of none. */
export function furthest(positions: readonly Position[]): Position | undefined {
  return positions.reduce<Position | undefined>((best, one) => {
    if (best?.phase === 'topic' && one.phase === 'topic') return together(best, one);
    return best === undefined || !hasReached(best, one) ? one : best;
  }, undefined);
}

function hasOffsets(own: TopicPosition, other: TopicPosition): boolean {
  return Object.entries(own.next).every(([partition, next]) => next >= (other.next[partition] ?? 0));
}

function together(one: TopicPosition, other: TopicPosition): TopicPosition {
  const next: Record<string, number> = { ...one.next };
  for (const [partition, offset] of Object.entries(other.next))
    next[partition] = Math.max(offset, next[partition] ?? 0);
  return { ...one, next };
}

function hasAllOf({ time, isInside }: FeedPosition, until: StoreTime): boolean {
  return isInside ? time > until : time >= until;
}

/** Whether what was visible then was had at once, whatever the place on the feed is. */
function hadBy({ asOf }: Live, time: StoreTime): boolean {
  return asOf !== undefined && asOf >= time;
}
