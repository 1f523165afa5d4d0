import { silentLogger, systemEnvironment, type StoreConnection } from '@nestfold/core';
import { mongo } from '@nestfold/mongodb';
import { MongoClient, type Db } from 'mongodb';

/** What each path gets: a raw client and our store, on databases of their own on one server. */
export interface BenchContext {
  readonly quick: boolean;
  readonly uri: string;
  readonly raw: Db;
  readonly store: StoreConnection;
  /** The database in which our store lives. */
  readonly storeDatabase: Db;
  close(): Promise<void>;
}

/**
 * Shorter than in production (300 s), so that a history that was filled a moment ago lies behind it: what is younger is read from the
 * change stream, and would count for something else.
 */
export const HORIZON_SECONDS = 3;

/** What the server must be started with, so that so short a horizon is allowed. */
export const SERVER_ARGUMENTS = ['--setParameter', 'transactionLifetimeLimitSeconds=1'];

let counter = 0;

/** Connects both sides to fresh databases. */
export async function openContext(uri: string, quick: boolean): Promise<BenchContext> {
  const client = new MongoClient(uri, { maxPoolSize: 600 });
  await client.connect();
  counter += 1;
  const name = `bench_${process.pid}_${counter}`;
  const store = await mongo({ uri, database: name, horizonSeconds: HORIZON_SECONDS }).connect({
    environment: systemEnvironment,
    logger: silentLogger,
  });
  return {
    quick,
    uri,
    raw: client.db(`${name}_raw`),
    store,
    storeDatabase: client.db(name),
    close: async () => {
      await store.close();
      await client.db(name).dropDatabase();
      await client.db(`${name}_raw`).dropDatabase();
      await client.close();
    },
  };
}
