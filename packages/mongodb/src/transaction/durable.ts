import type { TransactionOptions } from 'mongodb';
import { DURABLE_COMMAND } from '../connection/durability.js';

/** Durable, and not waiting for ever for a majority that may never come. */
export const DURABLE_IN_TIME = { ...DURABLE_COMMAND, wtimeoutMS: 10_000 } as const;

/** A transaction that reads and writes what can no longer be lost. */
export const DURABLE_TRANSACTION: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  readPreference: 'primary',
  writeConcern: DURABLE_IN_TIME,
};
