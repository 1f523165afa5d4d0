import { randomUUID } from 'node:crypto';
import { silentLogger, sliceOf, systemEnvironment, type Logger, type StreamName } from '@nestfold/core';
import { MongoClient, type MongoClientOptions, type ClientSession } from 'mongodb';
import { MongoChangeFeed, type FeedOptions } from '../src/change-feed/mongo.change-feed.js';
import { CausalClock } from '../src/connection/causal-clock.js';
import { ReadTurns } from '../src/connection/read-turns.js';
import { clientOptions } from '../src/connection/mongo-options.js';
import type { MongoContext } from '../src/connection/mongo-context.js';
import { uuidBinary } from '../src/connection/bson-mapping.js';
import { SERVER_FILLED, type CommitDocument } from '../src/event-store/commit-document.js';
import { commitsOf, prepareCommits } from '../src/event-store/commit-collection.js';
import { openReadSide, prepareReadSide, type ReadSide } from '../src/read-side.js';

/** What a test of the read side works with: the ports on a database of its own, and a bare way to append. */
export interface Rig extends ReadSide {
  readonly context: MongoContext;
  /** Inserts one commit without the event store, also inside a transaction. */
  append(
    stream: StreamName,
    version: number,
    options?: { readonly session?: ClientSession; readonly count?: number },
  ): Promise<void>;
  /** A further feed, with options of its own. */
  openFeed(options?: FeedOptions): Promise<MongoChangeFeed>;
  close(): Promise<void>;
}

/** How a rig is opened. */
export interface RigOptions {
  readonly uri: string;
  readonly database: string;
  readonly client?: MongoClientOptions;
  readonly horizonSeconds?: number;
  readonly logger?: Logger;
}

/** Opens the read side as a process of its own would. */
export async function openRig({
  uri,
  database,
  client: options,
  horizonSeconds,
  logger = silentLogger,
}: RigOptions): Promise<Rig> {
  const client = await new MongoClient(uri, clientOptions({ uri, client: { maxPoolSize: 50, ...options } })).connect();
  const db = client.db(database);
  const context: MongoContext = {
    client,
    db,
    clock: new CausalClock(),
    turns: ReadTurns.of(client),
    environment: systemEnvironment,
    logger,
    horizonSeconds,
  };
  await prepareCommits(db);
  await prepareReadSide(context);
  const ports = await openReadSide(context);
  return {
    ...ports,
    context,
    async append(stream, version, { session, count = 1 } = {}) {
      const at = new Date();
      const document: CommitDocument = {
        _id: { s: stream, v: version },
        n: count,
        ts: SERVER_FILLED,
        at,
        h: sliceOf(stream),
        c: uuidBinary(randomUUID()),
        e: Array.from({ length: count }, () => ({
          t: 'sample.happened',
          k: 1,
          d: { text: 'x'.repeat(60), total: 12 },
        })),
        m: { c: randomUUID(), u: randomUUID() },
      };
      await commitsOf(db).insertOne(document, session ? { session } : {});
    },
    openFeed: (options) => MongoChangeFeed.open(context, options),
    close: () => client.close(),
  };
}
