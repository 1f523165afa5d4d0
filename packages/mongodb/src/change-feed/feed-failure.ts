import { FeedHistoryLost, isFeedGap, isFeedHistoryLost, type FeedGap } from '@nestfold/core';
import { MongoError } from 'mongodb';

/** ChangeStreamHistoryLost, ChangeStreamFatalError, InvalidResumeToken, CloseChangeStream. */
const LOST_CODES: ReadonlySet<unknown> = new Set([286, 280, 260, 222]);

/** Whether the server says that a change stream can never go on from where it stood. */
export function isHistoryLost(error: unknown): boolean {
  return (
    error instanceof MongoError && (error.hasErrorLabel('NonResumableChangeStreamError') || LOST_CODES.has(error.code))
  );
}

/** Whether a stream has ended for good: nothing is gained by opening it again where it stood. */
export function endsStream(error: unknown): boolean {
  return isHistoryLost(error) || isFeedGap(error) || isFeedHistoryLost(error);
}

/** What subscribers are told of an error that ends a stream. */
export function endOfStream(error: unknown): FeedHistoryLost | FeedGap {
  if (isFeedGap(error) || isFeedHistoryLost(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new FeedHistoryLost(
    `The change stream cannot go on from where it stood (${reason}). Catch up from the store; a larger oplog keeps more.`,
    {},
    { cause: error },
  );
}
