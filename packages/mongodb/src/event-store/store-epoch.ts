import { randomUUID } from 'node:crypto';
import type { Db } from 'mongodb';
import { COLLECTIONS } from '../connection/collections.js';
import { DURABLE, MAJORITY } from '../connection/durability.js';

interface StoreDocument {
  readonly _id: 'store';
  readonly epoch: string;
  readonly createdAt: Date;
}

/** Names a store at its first start; answers the name ever after. */
export async function establishEpoch(db: Db): Promise<string> {
  const store = db.collection<StoreDocument>(COLLECTIONS.store);
  const named = await store.findOneAndUpdate(
    { _id: 'store' },
    { $setOnInsert: { epoch: randomUUID(), createdAt: new Date() } },
    { upsert: true, returnDocument: 'after', writeConcern: DURABLE },
  );
  return named?.epoch ?? readEpoch(db);
}

/** The store's name as it is now: a restore from a backup is answered with another one. */
export async function readEpoch(db: Db): Promise<string> {
  const found = await db.collection<StoreDocument>(COLLECTIONS.store).findOne({ _id: 'store' }, MAJORITY);
  return found?.epoch ?? establishEpoch(db);
}
