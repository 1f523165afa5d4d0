import type { Environment, FeedStart, Logger, StoreTime } from '@nestfold/core';
import type { ChangeBatch } from './change-reader.js';
import type { BufferLimits, SizedCommit } from './live-buffer.js';

/** An open change stream. */
export interface OpenStream {
  /** Settles with what came, or without changes when nothing did for so long. */
  read(max: number, waitMs: number): Promise<ChangeBatch>;
  close(): Promise<void>;
}

/** What the shared stream and the subscriptions need of the database and of the process. */
export interface ChangeSource {
  readonly environment: Environment;
  readonly logger: Logger;
  readonly limits: BufferLimits;
  /** How long a stream may fail before subscribers are told. */
  readonly outageMs: number;
  now(): Promise<StoreTime>;
  open(start: FeedStart, maxAwaitTimeMS: number): OpenStream;
  /** The commits among the changes of a batch, in order and decoded. Throws `FeedHistoryLost` for a change that ends the log. */
  commits(batch: Pick<ChangeBatch, 'changes' | 'position'>): Promise<readonly SizedCommit[]>;
}
