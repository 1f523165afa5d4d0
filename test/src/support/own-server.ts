import { startMongo, type EphemeralOptions, type MongoServer } from '@nestfold/dev-stack';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll } from 'vitest';

/** A MongoDB for one file of tests, whose faults concern nobody else, and a client of it. */
export interface OwnServer {
  readonly server: MongoServer;
  readonly client: MongoClient;
}

/** Starts it before the tests of the file that calls this, and ends it behind them. */
export function ownServer(ephemeral: EphemeralOptions = {}): OwnServer {
  const own: Partial<{ -readonly [Key in keyof OwnServer]: OwnServer[Key] }> = {};
  beforeAll(async () => {
    own.server = await startMongo({ ephemeral, ignoreUri: true });
    own.client = await new MongoClient(own.server.uri).connect();
  });
  afterAll(async () => {
    await own.client?.close();
    await own.server?.stop();
  });
  return own as OwnServer;
}
