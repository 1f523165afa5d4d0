import type { StoreTime } from '@nestfold/core';
import type { ClientSession, FindCursor } from 'mongodb';
import { timestampOf } from '../connection/bson-mapping.js';
import type { MongoContext } from '../connection/mongo-context.js';

/** Small arrays die young: ones of 2,000 halve the speed by what the garbage collector copies. */
const PAGE = 250;

/** Pages of what a cursor finds, not older than `asOf` whichever node answers, read one batch ahead while the consumer works. */
export async function* pagesAhead<T>(
  { client }: MongoContext,
  asOf: StoreTime,
  open: (session: ClientSession) => FindCursor<T>,
): AsyncGenerator<T[]> {
  const session = client.startSession({ causalConsistency: true });
  session.advanceOperationTime(timestampOf(asOf));
  const cursor = open(session);
  try {
    let ahead = cursor.hasNext();
    while (await ahead) {
      const documents = cursor.readBufferedDocuments(PAGE);
      ahead = cursor.hasNext();
      // Awaited at the next turn; an error in the meantime is not to end the process.
      ahead.catch(() => undefined);
      yield documents;
    }
  } finally {
    await cursor.close();
    await session.endSession();
  }
}
