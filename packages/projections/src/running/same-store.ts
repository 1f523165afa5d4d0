import { lastVersionOf, NestfoldError, type EventStore, type LastSeen } from '@nestfold/core';

/** The store does not hold what was read from it: it was restored from a backup. Rebuild its read models. */
export class StoreRestored extends NestfoldError {
  readonly code = 'store.restored';
  readonly retry = 'never';
}

/** Compares the last commit that was taken with the store. Throws `StoreRestored` when it is gone or another. */
export async function assertSameStore(events: EventStore, last: LastSeen | undefined): Promise<void> {
  if (last === undefined) return;
  const { commits } = await events.read(last.stream, { fromVersion: last.version, limit: 1 });
  const commit = commits[0];
  if (commit !== undefined && lastVersionOf(commit) === last.version && commit.time === last.time) return;
  throw new StoreRestored(
    `The store no longer holds '${last.stream}' at version ${last.version} as it was read: it was restored from a backup. Rebuild the projections.`,
    { ...last },
  );
}
