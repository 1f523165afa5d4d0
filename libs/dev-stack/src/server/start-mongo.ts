import { resolveMongod, type ResolveMongodOptions } from '../mongod/resolve-mongod.js';
import { reportToStderr } from '../support/progress.js';
import { startEphemeral, type EphemeralOptions } from './ephemeral.server.js';
import { useExisting } from './existing.server.js';
import type { MongoServer } from './mongo-server.js';
import { startPersistent, type PersistentOptions } from './persistent.server.js';

/** Which server to start, and where it may be found. @publicApi */
export type StartMongoOptions = ResolveMongodOptions &
  ({ readonly ephemeral: EphemeralOptions } | { readonly persistent: PersistentOptions });

/**
 * Gives a running MongoDB replica set with a primary: the one of `MONGODB_URI`, else one started here.
 *
 * What it starts ends with this process, whether that stops it, is interrupted or is killed. It does not
 * keep the process alive. Throws `MongodNotFoundError` without a binary, `MongodStartError` when mongod
 * does not come up, `DataFolderInUseError` when kept data is open in another process.
 * @example
 * const mongo = await startMongo({ persistent: { root: process.cwd() } });
 * const client = new MongoClient(mongo.uri);
 * @publicApi
 */
export async function startMongo(options: StartMongoOptions): Promise<MongoServer> {
  const mongod = await resolveMongod(options);
  if (mongod.kind === 'uri') return useExisting(mongod.uri);
  return 'persistent' in options
    ? startPersistent(mongod.path, options.persistent, options.report ?? reportToStderr)
    : startEphemeral(mongod.path, options.ephemeral);
}
