import { secondsOf, type FeedReach, type StoreTime } from '@nestfold/core';
import type { MongoClient, Timestamp } from 'mongodb';
import { storeTimeOf, timestampOf } from '../connection/bson-mapping.js';
import type { MongoContext } from '../connection/mongo-context.js';
import { explained } from '../transaction/failure.js';
import { isHistoryLost } from './feed-failure.js';

const LIMIT_MS = 5_000;
/** What the first entry of a replica set says. */
const INITIATING = 'initiating set';

/**
 * Whether a change stream may begin at a time. Asks the oplog where this user may read it; where not, on a mongos, and
 * where the answer would be no, a stream is opened that any change satisfies: the server decides before it looks for one.
 */
export async function reaches({ client, db }: MongoContext, time: StoreTime): Promise<boolean> {
  const first = await firstEntry(client);
  if (first !== undefined && first.time <= time) return true;
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

/** How far back the oplog goes; `undefined` where this user may not read it, and on a mongos. */
export async function reachOf({ client }: MongoContext, now: StoreTime): Promise<FeedReach | undefined> {
  const entry = await firstEntry(client);
  return entry && { seconds: Math.max(0, secondsOf(now) - secondsOf(entry.time)), isWhole: entry.isWhole };
}

interface FirstEntry {
  readonly time: StoreTime;
  /** It is the one with which a replica set begins. */
  readonly isWhole: boolean;
}

async function firstEntry(client: MongoClient): Promise<FirstEntry | undefined> {
  try {
    const entry = await client
      .db('local')
      .collection<{ ts: Timestamp; o?: { msg?: string } }>('oplog.rs')
      .findOne(
        {},
        { sort: { $natural: 1 }, projection: { ts: 1, 'o.msg': 1 }, readPreference: 'primary', maxTimeMS: LIMIT_MS },
      );
    return entry ? { time: storeTimeOf(entry.ts), isWhole: entry.o?.msg === INITIATING } : undefined;
  } catch {
    return undefined;
  }
}
