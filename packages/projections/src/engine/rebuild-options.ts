import { ConfigurationError } from '@nestfold/core';

/** How a rebuild is to go. */
export interface RebuildOptions {
  /** Into how many partitions the new generation is divided, 1 to 1,024; only where the projection has slicing 'stream'. Default: the setting `partitions`. */
  readonly partitions?: number;
  /** How many events a second of the history it may apply, all processes together, so that others get their share of the store; from 1. Default: as many as it can. */
  readonly throttle?: number;
}

/** Throws `ConfigurationError` for what is no throttle. */
export function insistOnThrottle(eventsPerSecond: number): void {
  if (Number.isFinite(eventsPerSecond) && eventsPerSecond >= 1) return;
  throw new ConfigurationError(
    `A rebuild cannot be throttled to ${eventsPerSecond} events a second: give a number from 1, or none at all.`,
  );
}
