import { isStoreUnavailable, type ConnectOptions, type StoreAdapter, type StoreConnection } from '@nestfold/core';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
// So that a server which is there is also found by whoever has no time to wait for one.
const SHORTEST_ATTEMPT_MS = 250;

/**
 * Connects, and tries again with growing pauses while the store does not answer: a deployment may start everything at
 * once. Throws the last `StoreUnavailable` when the time is over, and everything else at once.
 */
export async function connectWithin(
  adapter: StoreAdapter,
  options: ConnectOptions,
  withinMs: number,
): Promise<StoreConnection> {
  const { environment, logger } = options;
  const until = environment.now() + withinMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const withinMs = Math.max(until - environment.now(), SHORTEST_ATTEMPT_MS);
      return await adapter.connect({ ...options, withinMs });
    } catch (error) {
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + environment.random() / 2);
      if (!isStoreUnavailable(error) || environment.now() + pause > until) throw error;
      logger.warn('The store does not answer: trying again.', {
        attempt,
        pauseMs: Math.round(pause),
        reason: error.message,
      });
      await environment.sleep(pause);
    }
  }
}
