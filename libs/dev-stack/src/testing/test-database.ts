import { MongoClient } from 'mongodb';
import { uniqueName } from './unique-name.js';

/** Carries the address of the shared server from the global setup to the workers. @publicApi */
export const TEST_URI_VARIABLE = 'NESTFOLD_TEST_MONGODB_URI';

/** A database of its own on the shared test server. @publicApi */
export interface TestDatabase {
  /** Address of the server, without a database. */
  readonly uri: string;
  /** Name that no other test file has. */
  readonly name: string;
  /** Deletes the database; call it in `afterAll`. */
  drop(): Promise<void>;
}

/**
 * A fresh database for a test file. Throws when no server was started: a test without its database fails,
 * it is never skipped.
 * @example
 * const database = testDatabase('orders');
 * afterAll(() => database.drop());
 * @publicApi
 */
export function testDatabase(name = 'test'): TestDatabase {
  const uri = process.env[TEST_URI_VARIABLE];
  if (!uri) {
    throw new Error(
      `No test server: ${TEST_URI_VARIABLE} is not set. ` +
        'Add "@nestfold/dev-stack/vitest-global-setup" to `globalSetup` of the vitest project.',
    );
  }
  // Names end at 63 bytes and differ in more than case; `/\. "$` are not allowed.
  const unique = uniqueName(name, '_');
  return {
    uri,
    name: unique,
    drop: () => dropDatabase(uri, unique),
  };
}

/** Deletes a database with everything in it. Throws what the driver throws, within 10 s where no server answers. @publicApi */
export async function dropDatabase(uri: string, name: string): Promise<void> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    await client.db(name).dropDatabase();
  } finally {
    await client.close();
  }
}
