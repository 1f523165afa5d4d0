import { StoreUnavailable, type ConnectOptions, type StoreAdapter, type StoreConnection } from '@nestfold/core';
import { MongoClient, MongoServerSelectionError } from 'mongodb';
import { establishEpoch } from '../event-store/store-epoch.js';
import { prepareCommits } from '../event-store/commit-collection.js';
import { openConnection } from './mongo-connection.js';
import { checkOptions, clientOptions, redacted, type MongoOptions } from './mongo-options.js';
import { checkServer, explainingRights } from './server-checks.js';

/**
 * A store on MongoDB 6.0 or newer, a replica set or a sharded cluster. Everything that is acknowledged is on disk at a majority.
 * `connect` checks the server and makes collections, indexes and the `events` view where they are missing.
 *
 * Throws `ConfigurationError` for options that cannot be right and for a server that cannot hold a store, and `StoreUnavailable` when none answers.
 *
 * @example NestfoldModule.forRoot({ store: mongo({ uri: process.env.MONGODB_URI }) })
 * @publicApi
 */
export function mongo(options: MongoOptions): StoreAdapter {
  checkOptions(options);
  return { kind: 'mongodb', connect: (connectOptions) => connect(options, connectOptions) };
}

async function connect(options: MongoOptions, { environment, logger, codec }: ConnectOptions): Promise<StoreConnection> {
  const client = new MongoClient(options.uri, clientOptions(options));
  // A pool of its own for what may block: appends whose outcome is uncertain.
  const aside = new MongoClient(options.uri, { ...clientOptions(options), maxPoolSize: 8 });
  try {
    await client.connect();
    const db = client.db(options.database ?? databaseOf(client));
    await checkServer(db);
    await explainingRights(db, () => prepareCommits(db));
    const epoch = await explainingRights(db, () => establishEpoch(db));
    logger.debug('The store is open.', { database: db.databaseName, epoch });
    return await openConnection(
      { client, db, environment, logger, codec, horizonSeconds: options.horizonSeconds },
      aside,
    );
  } catch (error) {
    await Promise.all([client.close(), aside.close()]);
    if (!(error instanceof MongoServerSelectionError)) throw error;
    throw new StoreUnavailable(`No MongoDB server answers at ${redacted(options.uri)} (${error.message}).`, {}, { cause: error });
  }
}

/** The driver calls it `test` when the connection string names none. */
function databaseOf(client: MongoClient): string {
  const named = client.options.dbName;
  return named === 'test' ? 'nestfold' : named;
}
