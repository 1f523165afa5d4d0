import {
  silentLogger,
  systemEnvironment,
  type CommitReceipt,
  type ExpectedVersion,
  type StoreConnection,
  type StreamAppend,
  type StreamName,
} from '@nestfold/core';
import type { MongoClientOptions } from 'mongodb';
import { mongo } from '../src/connection/mongo.adapter.js';
import { sampleAppend } from './sample-commit.js';

/** Connects to a store as a process of its own would. */
export function connectStore(uri: string, database: string, client: MongoClientOptions = {}): Promise<StoreConnection> {
  return mongo({ uri, database, client }).connect({ environment: systemEnvironment, logger: silentLogger });
}

/** Appends one commit, with a limit of its own where one is given. */
export async function append(
  store: StoreConnection,
  stream: StreamName,
  expected: ExpectedVersion,
  more: Partial<StreamAppend> = {},
  timeoutMs?: number,
): Promise<CommitReceipt> {
  const [receipt] = await store.events.append(
    [sampleAppend(stream, expected, more)],
    timeoutMs === undefined ? {} : { timeoutMs },
  );
  return receipt as CommitReceipt;
}
