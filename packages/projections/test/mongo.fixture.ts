import { silentLogger, systemEnvironment, type StoreConnection } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { mongo } from '@nestfold/mongodb';
import { afterEach, beforeEach } from 'vitest';

/** A fresh database for each test of a spec file, with as many connections as it asks for, each as of a process of its own. */
export interface TestDatabase {
  /** Of the running test. */
  readonly uri: string;
  readonly name: string;
  /** A connection that is closed after the test. */
  connect(): Promise<StoreConnection>;
}

/** To be called once by a spec file, before `endEnginesAfterEach`: what is registered first ends last. */
export function databaseForEach(label: string): TestDatabase {
  const open: StoreConnection[] = [];
  let database: ReturnType<typeof testDatabase>;
  beforeEach(() => {
    database = testDatabase(label);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
    await database.drop();
  });
  return {
    get uri() {
      return database.uri;
    },
    get name() {
      return database.name;
    },
    connect: async () => {
      const options = { environment: systemEnvironment, logger: silentLogger };
      const connection = await mongo({ uri: database.uri, database: database.name }).connect(options);
      open.push(connection);
      return connection;
    },
  };
}
