import { ConfigurationError, type Position, type StorePosition } from '@nestfold/core';

/** A stored place, for a follower of the store. Throws `ConfigurationError` where it is one in a topic: the two cannot be compared. */
export function storePlace(position: Position, key: string): StorePosition {
  if (position.phase !== 'topic') return position;
  throw new ConfigurationError(
    `'${key}' was fed from a topic and is to follow the store now: raise the projection's version, so that it is built from its new source beside the old one.`,
    { key },
  );
}
