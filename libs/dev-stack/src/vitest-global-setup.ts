import { startMongo } from './server/start-mongo.js';
import { TEST_URI_VARIABLE } from './testing/test-database.js';

/**
 * Vitest `globalSetup`: one server for the whole run, its address in `NESTFOLD_TEST_MONGODB_URI` for the
 * workers, which are started afterwards. A server named there already is used as it is.
 * @publicApi
 */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env[TEST_URI_VARIABLE]) return () => Promise.resolve();
  const server = await startMongo({ ephemeral: {} });
  process.env[TEST_URI_VARIABLE] = server.uri;
  return async () => {
    delete process.env[TEST_URI_VARIABLE];
    await server.stop();
  };
}
