import type { ClientSession, Collection, Document, Long, Timestamp } from 'mongodb';

/** What came, and the token behind it. */
export interface RawChanges {
  readonly changes: readonly Document[];
  readonly token: unknown;
}

/** A change stream by bare commands: the driver's own does not tell what has arrived together. */
export class RawFeed {
  private constructor(
    private readonly collection: Collection,
    private readonly session: ClientSession,
    private readonly cursor: Long,
    private readonly batchSize: number,
  ) {}

  /** Begins at a time, or now. */
  static async open(collection: Collection, batchSize: number, at?: Timestamp): Promise<RawFeed> {
    const session = collection.db.client.startSession();
    const { cursor } = (await collection.db.command(
      {
        aggregate: collection.collectionName,
        pipeline: [{ $changeStream: at === undefined ? {} : { startAtOperationTime: at } }],
        // Of an opening that brings changes they would be lost.
        cursor: { batchSize: 0 },
        readConcern: { level: 'majority' },
      },
      { session },
    )) as { cursor: { id: Long } };
    return new RawFeed(collection, session, cursor.id, batchSize);
  }

  /** Waits half a second at most; answers nothing then. */
  async next(): Promise<RawChanges> {
    const { collection, session, cursor, batchSize } = this;
    const command = { getMore: cursor, collection: collection.collectionName, batchSize, maxTimeMS: 500 };
    const answer = (await collection.db.command(command, { session })) as {
      cursor: { nextBatch: Document[]; postBatchResumeToken: unknown };
    };
    return { changes: answer.cursor.nextBatch, token: answer.cursor.postBatchResumeToken };
  }

  async close(): Promise<void> {
    const { collection, session, cursor } = this;
    await collection.db.command({ killCursors: collection.collectionName, cursors: [cursor] }, { session });
    await session.endSession();
  }
}
