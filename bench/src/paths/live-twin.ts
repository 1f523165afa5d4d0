import type { Collection, MongoClient } from 'mongodb';
import { RawFeed } from './raw-feed.js';

/** A raw change stream and what `writeLive` does with it. */
export async function startLiveTwin(
  client: MongoClient,
  commits: Collection,
  view: Collection,
): Promise<{ stop(): Promise<void> }> {
  await commits.db.createCollection(commits.collectionName);
  const feed = await RawFeed.open(commits, 500);
  const writing = await writeLive(feed, client, view);
  return {
    stop: async () => {
      await writing.stop();
      await feed.close();
    },
  };
}

/**
 * The least that a transactional projection must do: take the changes that have arrived, write their documents together with a checkpoint
 * in one durable transaction, go on.
 */
export async function writeLive(
  feed: Pick<RawFeed, 'next'>,
  client: MongoClient,
  view: Collection,
): Promise<{ stop(): Promise<void> }> {
  const { db } = view;
  await db.createCollection(view.collectionName);
  const checkpoints = db.collection<{ _id: string; token?: unknown }>('checkpoints');
  await checkpoints.insertOne({ _id: 'twin' });
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
      await writing.endSession();
    },
  };
}
