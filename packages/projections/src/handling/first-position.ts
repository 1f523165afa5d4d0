import {
  ConfigurationError,
  minusSeconds,
  storeTime,
  type ChangeFeed,
  type Position,
  type StoreTime,
} from '@nestfold/core';
import type { EventsHandlerDefinition } from '../definition/events-handler.decorator.js';
import { beginning, justBefore } from '../following/store-clock.js';

/** Where a handler begins whose name was never seen before. Throws `ConfigurationError` for a moment that is still to come. */
export async function firstPositionOf(
  { name, startFrom, handler }: EventsHandlerDefinition,
  feed: ChangeFeed,
): Promise<{ position: Position; floor?: StoreTime }> {
  const now = await feed.now();
  if (startFrom === 'beginning') return { position: beginning(now, feed.horizonSeconds) };
  const start = startFrom === 'now' ? now : storeTime(Math.floor(startFrom.getTime() / 1_000), 0);
  if (start > now) {
    throw new ConfigurationError(
      `The events handler ${handler.name} ('${name}') is to start in the future: give a date that has passed, or 'now', in @EventsHandler.`,
    );
  }
  // Further back than the live feed surely reaches: history leads there.
  if (start < minusSeconds(now, feed.horizonSeconds))
    return { position: beginning(now, feed.horizonSeconds, justBefore(start)) };
  return { position: { phase: 'live', began: now, horizon: start }, floor: start };
}
