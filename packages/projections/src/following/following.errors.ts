import { hasCode, NestfoldError, type Commit, type StoreTime } from '@nestfold/core';

/**
 * A commit became visible so late that the history which a follower had read did not hold it. What was built from that
 * history is wrong: a build is begun again, a live projection stops and must be rebuilt.
 */
export class LateCommit extends NestfoldError {
  readonly code = 'feed.late-commit';
  readonly retry = 'never';

  constructor(commit: Commit, visibleAt: StoreTime) {
    super(
      `A commit of '${commit.stream}' became visible after the history before it had been read: rebuild what was built from that history.`,
      {
        stream: commit.stream,
        version: commit.firstVersion,
        time: commit.time,
        visibleAt,
      },
    );
  }
}

export const isLateCommit = (error: unknown): error is LateCommit => hasCode(error, 'feed.late-commit');

/** The database's log of changes does not reach back as far as a catch-up needs. Enlarge it. */
export class FeedTooShort extends NestfoldError {
  readonly code = 'feed.too-short';
  readonly retry = 'later';

  constructor(seconds: number) {
    super(
      `The database's log of changes (oplog) does not reach back ${seconds} s, which a catch-up needs: enlarge it, or its minimum retention.`,
      { seconds },
    );
  }
}
