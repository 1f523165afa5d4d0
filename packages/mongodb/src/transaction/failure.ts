import { isNestfoldError, StoreUnavailable } from '@nestfold/core';
import {
  MongoClientClosedError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerClosedError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';

const MAX_TIME_MS_EXPIRED = 50;

/** Answers of a server that is busy or full, changes its role, or could not have a write confirmed: the same again may succeed. */
const PASSING_CODES: ReadonlySet<unknown> = new Set([
  // HostUnreachable, HostNotFound, MaxTimeMSExpired, WriteConcernFailed, NetworkTimeout, ShutdownInProgress
  6,
  7,
  MAX_TIME_MS_EXPIRED,
  64,
  89,
  91,
  // PrimarySteppedDown, WriteConflict, LockTimeout, ExceededTimeLimit, SocketException
  189,
  112,
  24,
  262,
  9001,
  // NotWritablePrimary, InterruptedAtShutdown, InterruptedDueToReplStateChange, NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary, Interrupted
  10107,
  11600,
  11602,
  13435,
  13436,
  11601,
  // OutOfDiskSpace
  14031,
]);

/** Of errors that the driver does not name by their class: a pool that was closed, and one whose connections were all in use for too long. */
const PASSING_NAMES: ReadonlySet<string> = new Set(['MongoPoolClosedError', 'MongoWaitQueueTimeoutError']);

/** Whether the same operation may succeed when it is repeated: the database is busy, away, or two transactions met. */
export function isPassing(error: unknown): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  if (!(error instanceof MongoError)) return false;
  // A server that the driver gave up while the operation was on its way to it: another one takes its place.
  if (error instanceof MongoServerClosedError || PASSING_NAMES.has(error.name)) return true;
  return (
    ['TransientTransactionError', 'UnknownTransactionCommitResult', 'RetryableWriteError'].some((label) =>
      error.hasErrorLabel(label),
    ) || PASSING_CODES.has(error.code)
  );
}

/** Whether the same read may succeed when it is sent again at once: not where a wait has just been in vain. */
export function mayPassAtOnce(error: unknown): boolean {
  return isPassing(error) && !isTimeLimit(error) && !(error instanceof MongoServerSelectionError);
}

/** Whether nobody knows yet how a commit ended. */
export function isCommitUnknown(error: unknown): boolean {
  return error instanceof MongoError && error.hasErrorLabel('UnknownTransactionCommitResult');
}

/** Whether an operation ran into its `maxTimeMS`. */
export function isTimeLimit(error: unknown): boolean {
  return error instanceof MongoError && error.code === MAX_TIME_MS_EXPIRED;
}

/** Whether a unique key refused a write. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoError && error.code === 11_000;
}

/** Whether the connection was closed in this process: for this operation the database is away, and stays so. */
function isClosed(error: unknown): boolean {
  return [MongoClientClosedError, MongoNotConnectedError, MongoTopologyClosedError].some(
    (kind) => error instanceof kind,
  );
}

/** What a caller is told: `StoreUnavailable` for what may pass, the error itself for what will not. */
export function explained(error: unknown, what: string): unknown {
  if (isNestfoldError(error) || !(isPassing(error) || isClosed(error))) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreUnavailable(
    `${what}: the database did not do it in time (${reason}). Try again later.`,
    {},
    { cause: error },
  );
}

/** Runs an operation whose errors are told as `explained` says. */
export async function orUnavailable<T>(what: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw explained(error, what);
  }
}
