import type { Environment, Logger, PayloadCodec } from '@nestfold/core';
import type { Db, MongoClient } from 'mongodb';
import type { CausalClock } from './causal-clock.js';
import type { ReadTurns } from './read-turns.js';

/** What the adapters of one connection share. */
export interface MongoContext {
  readonly client: MongoClient;
  readonly db: Db;
  /** What has been seen by any of them: no read that feeds a decision or an answer is older. */
  readonly clock: CausalClock;
  /** Through which all reads go that callers ask for. */
  readonly turns: ReadTurns;
  readonly environment: Environment;
  readonly logger: Logger;
  readonly codec?: PayloadCodec | undefined;
  /** A smaller horizon, for tests: never below three times the server's limit of a transaction's life. Default 300. */
  readonly horizonSeconds?: number | undefined;
}
