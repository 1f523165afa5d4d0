import type { Collection, MongoClient } from 'mongodb';
import { RawFeed } from './raw-feed.js';

/**
 * The least that a transactional projection must do: take the changes that have arrived, write their documents together with a checkpoint
 * in one durable transaction, go on.
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
  const feed = await RawFeed.open(commits, 500);
  const writing = client.startSession();
  let running = true;
  const loop = (async () => {
    while (running) {
      const { changes, token } = await feed.next();
      if (changes.length === 0) continue;
      writing.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } });
      await checkpoints.updateOne({ _id: 'twin' }, { $set: { token } }, { session: writing });
      const inserts = changes.map(({ fullDocument }) => {
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
      await feed.close();
      await writing.endSession();
    },
  };
}
