import type { Collection, Document, Long, MongoClient } from 'mongodb';

/**
 * The least that a transactional projection must do: take the changes that have arrived, write their documents together with a checkpoint
 * in one durable transaction, go on. It asks the server by bare commands, since the driver's stream does not tell what has arrived.
 */
export async function startLiveTwin(
  client: MongoClient,
  commits: Collection,
  view: Collection,
): Promise<{ stop(): Promise<void> }> {
  const { db } = view;
  await db.createCollection(view.collectionName);
  await db.createCollection(commits.collectionName);
  const checkpoints = db.collection<{ _id: string; token?: unknown }>('checkpoints');
  await checkpoints.insertOne({ _id: 'twin' });
  const reading = client.startSession();
  const writing = client.startSession();
  const { cursor } = (await db.command(
    {
      aggregate: commits.collectionName,
      pipeline: [{ $changeStream: {} }],
      cursor: {},
      readConcern: { level: 'majority' },
    },
    { session: reading },
  )) as { cursor: { id: Long } };
  let running = true;
  const loop = (async () => {
    while (running) {
      const answer = await db.command(
        { getMore: cursor.id, collection: commits.collectionName, batchSize: 500, maxTimeMS: 500 },
        { session: reading },
      );
      const { nextBatch, postBatchResumeToken } = answer['cursor'] as {
        nextBatch: Document[];
        postBatchResumeToken: unknown;
      };
      if (nextBatch.length === 0) continue;
      writing.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } });
      await checkpoints.updateOne({ _id: 'twin' }, { $set: { token: postBatchResumeToken } }, { session: writing });
      const inserts = nextBatch.map(({ fullDocument }) => {
        const { counterId, label } = (fullDocument as { e: { d: { counterId: string; label: string } }[] }).e[0]!.d;
        return { insertOne: { document: { _id: counterId, label, total: 0, changes: 0 } as never } };
      });
      await view.bulkWrite(inserts, { session: writing });
      await writing.commitTransaction();
    }
  })();
  return {
    stop: async () => {
      running = false;
      await loop;
      await db.command({ killCursors: commits.collectionName, cursors: [cursor.id] }, { session: reading });
      await Promise.all([reading.endSession(), writing.endSession()]);
    },
  };
}
