import type { Db, MongoClient, Timestamp } from 'mongodb';
import { until } from './until.js';

/** The oldest entry that a server still remembers. */
export async function oldestInOplog(client: MongoClient): Promise<Timestamp | undefined> {
  const [oldest] = await client.db('local').collection('oplog.rs').find({}).sort({ $natural: 1 }).limit(1).toArray();
  return oldest?.['ts'] as Timestamp | undefined;
}

/** Others write until a server with a small log has forgotten a moment; answers how many MB that took. */
export async function rollOplogPast(client: MongoClient, moment: Timestamp, limitMs = 60_000): Promise<number> {
  const filler = client.db('filler').collection('noise');
  const noise = 'x'.repeat(1_000_000);
  let megabytes = 0;
  await until(
    'a moment to be forgotten',
    async () => {
      await filler.insertMany(Array.from({ length: 4 }, () => ({ noise })));
      megabytes += 4;
      return (await oldestInOplog(client))?.greaterThan(moment);
    },
    limitMs,
  );
  await filler.drop();
  return megabytes;
}

/** The arguments of a server that forgets soon, and whose transactions live for a second, so that a horizon may be three. */
export const FORGETFUL = [
  '--setParameter',
  'transactionLifetimeLimitSeconds=1',
  '--oplogSize',
  '1',
  '--syncdelay',
  '1',
];
export const HORIZON_SECONDS = 3;

/** Where the tallies' projection stands, as it is stored. */
export interface RawPosition {
  readonly phase: 'history' | 'live';
  readonly feed?: { readonly token: string; readonly time: Timestamp };
}

/** The stored place of the only partition. */
export async function positionOf(database: Db): Promise<RawPosition | undefined> {
  const [checkpoint] = await database.collection('nestfold.checkpoints').find({}).toArray();
  return checkpoint?.['position'] as RawPosition | undefined;
}
