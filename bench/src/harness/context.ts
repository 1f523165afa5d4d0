import { silentLogger, systemEnvironment, type StoreConnection } from '@nestfold/core';
import { mongo } from '@nestfold/mongodb';
import { MongoClient, type Db, type MongoClientOptions } from 'mongodb';

/** How much is measured. */
export interface BenchSize {
  /** Small, for a first look: the figures swing. */
  readonly quick: boolean;
  /** How many events the path `large` stores. */
  readonly events: number;
}

/** What each path gets: a raw client and our store, on databases of their own on one server. */
export interface BenchContext extends BenchSize {
  readonly uri: string;
  /** Where the server keeps its files; missing for one that was not started here. */
  readonly dataFolder: string | undefined;
  readonly raw: Db;
  readonly store: StoreConnection;
  /** The database in which our store lives. */
  readonly storeDatabase: Db;
  /**
   * Shorter than in production (300 s), so that a history that was filled a moment ago lies behind it: what is younger is read from the
   * change stream, and would count for something else.
   */
  readonly horizonSeconds: number;
  /** Another connection to our store, with other options of the driver. Closed by whoever opens it. */
  reopen(client: MongoClientOptions): Promise<StoreConnection>;
  close(): Promise<void>;
}

/** How long a transaction may live: long enough that a batch of a busy machine ends before. A first look does not wait for that. */
const lifetimeSeconds = ({ quick }: Pick<BenchSize, 'quick'>): number => (quick ? 1 : 4);

/** What the server must be started with, so that so short a horizon is allowed. */
export function serverArguments(size: Pick<BenchSize, 'quick'>): string[] {
  return ['--setParameter', `transactionLifetimeLimitSeconds=${lifetimeSeconds(size)}`];
}

let counter = 0;

/** Connects both sides to fresh databases. */
export async function openContext(
  { uri, dataFolder }: Pick<BenchContext, 'uri' | 'dataFolder'>,
  size: BenchSize,
): Promise<BenchContext> {
  const client = new MongoClient(uri, { maxPoolSize: 600 });
  await client.connect();
  counter += 1;
  const name = `bench_${process.pid}_${counter}`;
  const horizonSeconds = 3 * lifetimeSeconds(size);
  const open = (options?: MongoClientOptions): Promise<StoreConnection> =>
    mongo({ uri, database: name, horizonSeconds, ...(options && { client: options }) }).connect({
      environment: systemEnvironment,
      logger: silentLogger,
    });
  const store = await open();
  return {
    ...size,
    uri,
    dataFolder,
    raw: client.db(`${name}_raw`),
    store,
    storeDatabase: client.db(name),
    horizonSeconds,
    reopen: open,
    close: async () => {
      await store.close();
      await client.db(name).dropDatabase();
      await client.db(`${name}_raw`).dropDatabase();
      await client.close();
    },
  };
}
