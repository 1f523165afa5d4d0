import { silentLogger, systemEnvironment } from '@nestfold/core';
import { testDatabase, type TestDatabase } from '@nestfold/dev-stack';
import type { StoreFixture } from '@nestfold/testing';
import { MongoClient } from 'mongodb';
import { mongo } from '../src/connection/mongo.adapter.js';

/** A store of its own under the contract: on the shared test server, or where `database` says. */
export function mongoFixture(name: string, database: TestDatabase = testDatabase(name)): StoreFixture {
  return {
    capabilities: [],
    liveHistory: 'kept',
    // A machine whose cores other tests share too; what is to come comes in milliseconds otherwise.
    patienceMs: 20_000,
    connect: ({ codec } = {}) =>
      mongo({ uri: database.uri, database: database.name, client: { monitorCommands: true } }).connect({
        environment: systemEnvironment,
        logger: silentLogger,
        ...(codec && { codec }),
      }),
    elapse: (milliseconds) => systemEnvironment.sleep(milliseconds + 1),
    silence: async (node) => {
      const client = new MongoClient(database.uri);
      const nodes = client.db(database.name).collection<{ _id: string }>('nestfold.nodes');
      await nodes.updateOne({ _id: node }, [{ $set: { seenAt: { $subtract: ['$seenAt', 31_000] } } }]);
      await client.close();
    },
    dispose: () => database.drop(),
  };
}
