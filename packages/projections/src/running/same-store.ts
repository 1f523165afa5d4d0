import { NestfoldError, type ChangeFeed, type LastSeen } from '@nestfold/core';

/** The store does not hold what was read from it: it was restored from a backup. Rebuild its read models. */
export class StoreRestored extends NestfoldError {
  readonly code = 'store.restored';
  readonly retry = 'never';
}

/** Compares the last commit that was taken with the store. Throws `StoreRestored` when it is gone or another. */
export async function assertSameStore(feed: ChangeFeed, last: LastSeen | undefined): Promise<void> {
  if (last === undefined || (await feed.holds(last))) return;
  throw new StoreRestored(
    `The store no longer holds '${last.stream}' at version ${last.version} as it was read: it was restored from a backup. Rebuild the projections.`,
    { ...last },
  );
}
