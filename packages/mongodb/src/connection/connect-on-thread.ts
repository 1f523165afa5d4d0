import type { ConnectOptions, StoreConnection } from '@nestfold/core';
import { mongo } from './mongo.adapter.js';
import type { MongoOptions } from './mongo-options.js';

/** Opens the store on another thread: `threadConnection` names it. */
export function connectOnThread(options: MongoOptions, connect: ConnectOptions): Promise<StoreConnection> {
  return mongo(options).connect(connect);
}
