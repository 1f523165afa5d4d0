import { StoreUnavailable, type Environment } from '@nestfold/core';
import type { ClientSession, MongoClient } from 'mongodb';
import { DURABLE_TRANSACTION } from './durable.js';
import { isCommitUnknown, isPassing } from './failure.js';

const LIMIT_MS = 10_000;
const LONGEST_PAUSE_MS = 100;

/** Ends the open transaction by a commit; repeats the commit while its outcome is unknown, which is safe. */
export async function commit(session: ClientSession, environment: Environment, until: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await session.commitTransaction();
    } catch (error) {
      if (!isCommitUnknown(error) || environment.now() >= until) throw error;
      await environment.sleep(Math.min(LONGEST_PAUSE_MS, 5 * attempt));
    }
  }
}

/** Ends the open transaction, if there is one, without effect. Never throws: the server ends what it cannot be told of. */
export async function abort(session: ClientSession): Promise<void> {
  if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
}

/**
 * Runs a small transaction, again when it met another one, for 10 s at most (the driver's own helper goes on for 120).
 * After an unknown outcome `body` may run although an earlier run took effect: it must recognise its own work.
 * Throws `StoreUnavailable` at the limit, and what `body` throws.
 */
export async function runTransaction<T>(
  client: MongoClient,
  environment: Environment,
  body: (session: ClientSession) => Promise<T>,
): Promise<T> {
  const until = environment.now() + LIMIT_MS;
  const session = client.startSession();
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        session.startTransaction(DURABLE_TRANSACTION);
        const result = await body(session);
        await commit(session, environment, until);
        return result;
      } catch (error) {
        await abort(session);
        if (!isPassing(error)) throw error;
        if (environment.now() >= until) {
          throw new StoreUnavailable(
            'The database did not finish a transaction in time. Try again later.',
            {},
            { cause: error },
          );
        }
      }
      await environment.sleep(Math.min(LONGEST_PAUSE_MS, 2 ** attempt) * environment.random());
    }
  } finally {
    await session.endSession();
  }
}
