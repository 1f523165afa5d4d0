import {
  ConfigurationError,
  StoreUnavailable,
  type ConnectOptions,
  type StoreAdapter,
  type StoreConnection,
} from '@nestfold/core';
import { MongoClient, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { prepareCommits } from '../event-store/commit-collection.js';
import { establishEpoch } from '../event-store/store-epoch.js';
import { prepareReadSide } from '../read-side.js';
import { CausalClock } from './causal-clock.js';
import { openConnection } from './mongo-connection.js';
import type { MongoContext } from './mongo-context.js';
import { asideOptions, checkOptions, clientOptions, databaseOf, redacted, type MongoOptions } from './mongo-options.js';
import { reachServer } from './reach-server.js';
import { ReadTurns } from './read-turns.js';
import { explainingRights } from './right-checks.js';
import { checkServer } from './server-checks.js';
import { threadConnection } from './thread-connection.js';

const AUTHENTICATION_FAILED = 18;

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

async function connect(
  options: MongoOptions,
  { environment, logger, codec, withinMs, signal }: ConnectOptions,
): Promise<StoreConnection> {
  const client = new MongoClient(options.uri, clientOptions(options));
  // Connects when it is used first.
  const aside = new MongoClient(options.uri, asideOptions(options));
  try {
    await reachServer(client, options.uri, { withinMs, signal });
    const db = client.db(databaseOf(options));
    const { horizonSeconds } = options;
    const clock = new CausalClock();
    const turns = ReadTurns.of(client);
    const context: MongoContext = { client, db, clock, turns, environment, logger, codec, horizonSeconds };
    await checkServer(db);
    const epoch = await explainingRights(db, async () => {
      await prepareCommits(db);
      await prepareReadSide(context);
      return establishEpoch(db);
    });
    logger.debug('The store is open.', { database: db.databaseName, epoch });
    const worker = threadConnection(options, codec);
    return { ...(await openConnection(context, aside, options.queue)), ...(worker && { worker }) };
  } catch (error) {
    await Promise.all([client.close(), aside.close()]);
    if (error instanceof MongoServerError && error.code === AUTHENTICATION_FAILED) {
      throw new ConfigurationError(
        `MongoDB at ${redacted(options.uri)} refused the user: check user, password and authSource of the connection string.`,
        {},
        { cause: error },
      );
    }
    if (!(error instanceof MongoServerSelectionError || error instanceof MongoNetworkError)) throw error;
    throw new StoreUnavailable(
      `No MongoDB server answers at ${redacted(options.uri)} (${error.message}).`,
      {},
      { cause: error },
    );
  }
}
