import type { Commit } from '@nestfold/core';
import type { MongoContext } from '../connection/mongo-context.js';
import { explained, isPassing } from '../transaction/failure.js';
import { pauseAfter } from './pause.js';

const ATTEMPTS = 8;
const CURSOR_NOT_FOUND = 43;

/**
 * Reads pages of the past that follow a place; where the read is interrupted it goes on behind the last commit that was delivered, after a pause.
 * Throws `StoreUnavailable` after eight interruptions without a page between them, and what no repetition mends.
 */
export async function* goingOn<P>(
  { environment, logger }: MongoContext,
  start: P | undefined,
  read: (after: P | undefined) => AsyncIterable<readonly Commit[]>,
  placeOf: (commit: Commit) => P,
): AsyncGenerator<readonly Commit[]> {
  let after = start;
  for (let failures = 0; ;) {
    try {
      for await (const commits of read(after)) {
        failures = 0;
        const last = commits.at(-1);
        if (last !== undefined) after = placeOf(last);
        yield commits;
      }
      return;
    } catch (error) {
      failures += 1;
      const cursorGone = (error as { code?: unknown }).code === CURSOR_NOT_FOUND;
      if (failures > ATTEMPTS || !(cursorGone || isPassing(error))) throw explained(error, 'Reading history');
      logger.warn('Reading history was interrupted; it goes on where it stood.', { after, error: String(error) });
      await environment.sleep(pauseAfter(failures, environment));
    }
  }
}
