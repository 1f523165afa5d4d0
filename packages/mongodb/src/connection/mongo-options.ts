import { ConfigurationError } from '@nestfold/core';
import type { MongoClientOptions } from 'mongodb';

/** Which database holds the store, and how to reach it. */
export interface MongoOptions {
  /** A connection string; what it says of write concern is overruled where durability is promised. */
  readonly uri: string;
  /** Default: the one that the connection string names, else `nestfold`. */
  readonly database?: string;
  /** For the driver; ours are a pool of 20, a limit of 10 s to find a server, and retries on. */
  readonly client?: MongoClientOptions;
  /**
   * Seconds after which a commit is taken as surely visible to everybody; default 300. It is never below three times the server's
   * `transactionLifetimeLimitSeconds`: make both smaller for tests only.
   */
  readonly horizonSeconds?: number;
}

const DATABASE = /^[^/\\. "$*<>:|?]{1,63}$/;

/** The driver's options. `ignoreUndefined`: a field that is not there must not come back as null. */
export function clientOptions({ client }: MongoOptions): MongoClientOptions {
  return {
    maxPoolSize: 20,
    serverSelectionTimeoutMS: 10_000,
    retryReads: true,
    retryWrites: true,
    appName: 'nestfold',
    ...client,
    ignoreUndefined: true,
  };
}

/** Checks what can be checked without a server. */
export function checkOptions({ uri, database, horizonSeconds }: MongoOptions): void {
  const problems: string[] = [];
  if (!/^mongodb(\+srv)?:\/\//.test(uri)) problems.push(`mongo({ uri }): a connection string begins with 'mongodb://' or 'mongodb+srv://'.`);
  if (database !== undefined && !DATABASE.test(database)) problems.push(`mongo({ database }): '${database}' is no name of a database.`);
  if (horizonSeconds !== undefined && !(horizonSeconds > 0)) problems.push('mongo({ horizonSeconds }): give a positive number of seconds.');
  if (problems.length > 0) throw ConfigurationError.of(problems);
}

/** A connection string fit for messages. */
export function redacted(uri: string): string {
  return uri.replace(/\/\/[^@/]*@/, '//***@');
}
