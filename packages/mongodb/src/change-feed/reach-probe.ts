import type { StoreTime } from '@nestfold/core';
import type { MongoClient, Timestamp } from 'mongodb';
import { storeTimeOf, timestampOf } from '../connection/bson-mapping.js';
import type { MongoContext } from '../connection/mongo-context.js';
import { explained } from '../transaction/failure.js';
import { isHistoryLost } from './feed-failure.js';

const LIMIT_MS = 5_000;

/**
 * Whether a change stream may begin at a time. Asks the oplog where this user may read it; where not, on a mongos, and
 * where the answer would be no, a stream is opened that any change satisfies: the server decides before it looks for one.
 */
export async function reaches({ client, db }: MongoContext, time: StoreTime): Promise<boolean> {
  const first = await firstEntry(client);
  if (first !== undefined && first <= time) return true;
  const options = { startAtOperationTime: timestampOf(time), batchSize: 1, maxAwaitTimeMS: 1, maxTimeMS: LIMIT_MS };
  const stream = db.watch([], options);
  try {
    await stream.tryNext();
    return true;
  } catch (error) {
    if (isHistoryLost(error)) return false;
    throw explained(error, 'Asking how far the change stream reaches');
  } finally {
    await stream.close();
  }
}

async function firstEntry(client: MongoClient): Promise<StoreTime | undefined> {
  try {
    const entry = await client
      .db('local')
      .collection<{ ts: Timestamp }>('oplog.rs')
      .findOne({}, { sort: { $natural: 1 }, projection: { ts: 1 }, readPreference: 'primary', maxTimeMS: LIMIT_MS });
    return entry ? storeTimeOf(entry.ts) : undefined;
  } catch {
    return undefined;
  }
}
