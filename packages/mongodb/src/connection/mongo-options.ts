import { ConfigurationError } from '@nestfold/core';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import type { AppendQueueOptions } from '../event-store/open-event-store.js';
import { RESENDS_AT_ONCE } from '../event-store/resend-lane.js';

/** Which database holds the store, and how to reach it. */
export interface MongoOptions {
  /** A connection string; what it says of write concern is overruled where durability is promised. */
  readonly uri: string;
  /** Default: the one that the connection string names, else `nestfold`. */
  readonly database?: string;
  /**
   * For the driver. Ours unless you say otherwise: `appName` `nestfold`, at most 20 connections, 10 s to find a server, to connect, and to
   * wait for a connection, a heartbeat every 2 s, retries on, no compression. Appends that block have up to 8 connections of their own. Of the 20, reads
   * of streams and of read models take half at most, the others wait 10 s: the rest is for appends and for the engine.
   */
  readonly client?: MongoClientOptions;
  /** The bounds of the queue of appends. */
  readonly queue?: AppendQueueOptions;
  /**
   * Seconds after which a commit is taken as surely visible to everybody; default 300. It is never below three times the server's
   * `transactionLifetimeLimitSeconds`: make both smaller for tests only.
   */
  readonly horizonSeconds?: number;
}

const DATABASE = /^[^/\\. "$*<>:|?\0]{1,63}$/;
const DEFAULT_DATABASE = 'nestfold';
const APP_NAME = 'nestfold';

/** The driver's options. `ignoreUndefined`: a field that is not there must not come back as null. */
export function clientOptions({ client }: MongoOptions): MongoClientOptions {
  return {
    appName: APP_NAME,
    maxPoolSize: 20,
    // Of the driver's own accord it would be for ever.
    waitQueueTimeoutMS: 10_000,
    serverSelectionTimeoutMS: 10_000,
    connectTimeoutMS: 10_000,
    // A server that was taken for lost by mistake is found again at the next heartbeat, and no sooner: the driver's own 10 s
    // became a standstill of up to 20.
    heartbeatFrequencyMS: 2_000,
    retryReads: true,
    retryWrites: true,
    ...client,
    ignoreUndefined: true,
  };
}

/** Those for the client of appends that may block: as many connections as there may be such appends at once. */
export function asideOptions(options: MongoOptions): MongoClientOptions {
  const common = clientOptions(options);
  return { ...common, appName: `${common.appName ?? APP_NAME}-resend`, minPoolSize: 0, maxPoolSize: RESENDS_AT_ONCE };
}

/** Checks what can be checked without a server; throws one `ConfigurationError` for all of it. */
export function checkOptions({ uri, database, queue, horizonSeconds }: MongoOptions): void {
  const problems: string[] = [];
  const problem = uriProblem(uri);
  if (problem !== undefined) problems.push(`mongo({ uri }): ${problem}`);
  if (database !== undefined && !DATABASE.test(database))
    problems.push(`mongo({ database }): '${database}' is no name of a database.`);
  for (const [name, value] of Object.entries({
    'queue.commits': queue?.commits,
    'queue.bytes': queue?.bytes,
    horizonSeconds,
  })) {
    if (value !== undefined && !(value > 0)) problems.push(`mongo({ ${name} }): give a positive number, not ${value}.`);
  }
  if (problems.length > 0) throw ConfigurationError.of(problems);
}

/** The database of a store. */
export function databaseOf({ uri, database }: MongoOptions): string {
  // The driver says `test` when the connection string names none.
  return database ?? (/^[^/]+\/\/[^/]+\/[^?]/.test(uri) ? new MongoClient(uri).options.dbName : DEFAULT_DATABASE);
}

/** A connection string fit for messages. */
export function redacted(uri: string): string {
  return uri.replace(/\/\/[^/]*@/, '//***@');
}

function uriProblem(uri: string): string | undefined {
  if (!uri)
    return `give a connection string, such as 'mongodb://localhost:27017/shop?replicaSet=rs0' (is the environment variable set?).`;
  try {
    // Never connected: only its parser is of use here.
    void new MongoClient(uri);
    return undefined;
  } catch (error) {
    return `'${redacted(uri)}' is no connection string (${error instanceof Error ? error.message : String(error)}).`;
  }
}
