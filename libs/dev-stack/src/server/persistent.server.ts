import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SHUTDOWN_MS, startOnKept } from '../kept/start-on-kept.js';
import type { Report } from '../support/progress.js';
import type { MongoServer } from './mongo-server.js';
import { NodeSet } from './node-set.js';

/** A server whose data is kept from one start to the next, for `npm start`. @publicApi */
export interface PersistentOptions {
  /** The data lies in `<root>/.data/mongo`, unless `folder` says otherwise. */
  readonly root: string;
  /** The folder for the data and the log. */
  readonly folder?: string;
  /** WiredTiger cache in GB. Default: 0.5. */
  readonly cacheGb?: number;
  /** Further mongod arguments; they replace ours of the same name. */
  readonly args?: readonly string[];
}

/** @internal */
export async function startPersistent(
  binary: string,
  options: PersistentOptions,
  report: Report,
): Promise<MongoServer> {
  const folder = options.folder ?? join(options.root, '.data', 'mongo');
  return startOnKept(
    {
      folder,
      product: 'MongoDB',
      program: 'mongod',
      start: (port) => startNode(binary, folder, port, options),
      pidOf: ({ nodes: [node] }) => node?.pid,
      holder: () => lockHolder(folder),
    },
    report,
  );
}

/** mongod writes its id into the lock file once it has the lock. @internal */
export async function lockHolder(folder: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(join(folder, 'data', 'mongod.lock'), 'utf8').catch(() => ''), 10);
  return Number.isNaN(pid) ? undefined : pid;
}

async function startNode(
  binary: string,
  folder: string,
  port: number,
  options: PersistentOptions,
): Promise<MongoServer> {
  return NodeSet.start({
    kind: 'persistent',
    binary,
    nodes: [
      {
        port,
        dataFolder: join(folder, 'data'),
        logFile: join(folder, 'mongod.log'),
        cacheGb: options.cacheGb ?? 0.5,
        testCommands: false,
        extra: options.args ?? [],
      },
    ],
    electionTimeoutMillis: 500,
    duty: { graceMs: SHUTDOWN_MS },
  });
}
