import type { StoreTime } from '@nestfold/core';
import type { AbstractCursor, ClientSession } from 'mongodb';
import { timestampOf } from '../connection/bson-mapping.js';
import type { MongoContext } from '../connection/mongo-context.js';

/** Small arrays die young: ones of 2,000 halve the speed by what the garbage collector copies. */
const PAGE = 250;

/** A cursor over whatever a command answers. */
export type PageCursor<T> = Pick<AbstractCursor<T>, 'hasNext' | 'readBufferedDocuments' | 'close'>;

/** Pages of what a cursor finds, not older than `asOf` (missing: the command says so itself) whichever node answers, read one batch ahead while the consumer works. */
export async function* pagesAhead<T>(
  { client }: MongoContext,
  asOf: StoreTime | undefined,
  open: (session: ClientSession) => PageCursor<T>,
): AsyncGenerator<T[]> {
  const session = client.startSession({ causalConsistency: asOf !== undefined });
  if (asOf !== undefined) session.advanceOperationTime(timestampOf(asOf));
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
