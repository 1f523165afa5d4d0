import type { Environment, Logger, PayloadCodec } from '@nestfold/core';
import type { Db, MongoClient } from 'mongodb';

/** What the adapters of one connection share. */
export interface MongoContext {
  readonly client: MongoClient;
  readonly db: Db;
  readonly environment: Environment;
  readonly logger: Logger;
  readonly codec?: PayloadCodec | undefined;
  /** A smaller horizon, for tests: never below three times the server's limit of a transaction's life. Default 300. */
  readonly horizonSeconds?: number | undefined;
}
