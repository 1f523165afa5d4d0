import { MongoServerError, type MongoClient } from 'mongodb';

/** Runs with another `commitTransaction` in the sessions that are started meanwhile. */
export async function withCommit<T>(
  client: MongoClient,
  commit: (original: () => Promise<void>) => Promise<void>,
  use: () => Promise<T>,
): Promise<T> {
  const start = client.startSession.bind(client);
  client.startSession = (options) => {
    const session = start(options);
    const original = session.commitTransaction.bind(session);
    session.commitTransaction = () => commit(original);
    return session;
  };
  try {
    return await use();
  } finally {
    client.startSession = start;
  }
}

/** What a server answers to the repetition of a commit that it no longer knows. */
export function noSuchTransaction(): MongoServerError {
  return new MongoServerError({
    message: 'no such transaction',
    code: 251,
    errorLabels: ['TransientTransactionError'],
  });
}
