import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withProgress, type Report } from '../support/progress.js';
import { findFreePorts, isPortFree } from './free-port.js';
import type { MongoServer } from './mongo-server.js';
import { MongodStartError } from './mongod-start.error.js';
import { NodeSet } from './node-set.js';
import { readState, writeState } from './persistent-state.js';
import { awaitPredecessor } from './predecessor.js';

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

// mongod closes its files within a second; after that its journal makes a kill safe as well.
const SHUTDOWN_MS = 10_000;

/** @internal */
export async function startPersistent(
  binary: string,
  options: PersistentOptions,
  report: Report,
): Promise<MongoServer> {
  const folder = options.folder ?? join(options.root, '.data', 'mongo');
  await mkdir(folder, { recursive: true });
  const set = await withProgress(`starting MongoDB on the data of ${folder}`, report, () =>
    startWhenFree(binary, folder, options, report),
  );
  const [node] = set.nodes;
  if (node?.pid !== undefined) {
    await writeState(folder, { port: node.port, ownerPid: process.pid, mongodPid: node.pid });
  }
  return set;
}

/**
 * Tries until mongod starts or the folder turns out to be somebody's. mongod itself is the judge: it locks
 * its folder, so there is no gap between a check and the start in which another could come in.
 */
async function startWhenFree(
  binary: string,
  folder: string,
  options: PersistentOptions,
  report: Report,
): Promise<MongoServer> {
  const since = Date.now();
  for (;;) {
    const port = await choosePort(folder);
    try {
      const set = await startNode(binary, folder, port.number, options);
      if (port.instead !== undefined) {
        report(`port ${port.instead} is taken by another program; MongoDB moved to port ${port.number}`);
      }
      return set;
    } catch (error) {
      if (!(error instanceof MongodStartError)) throw error;
      if (error.failure === 'data-folder-in-use') await awaitPredecessor(folder, since);
      else if (error.failure !== 'address-in-use') throw error;
    }
  }
}

/**
 * The stored port, or another where that is taken. A predecessor that still runs has it taken too, but then
 * the start on the other port fails at the folder's lock, and the stored one is looked at again.
 */
async function choosePort(folder: string): Promise<{ number: number; instead?: number }> {
  const stored = (await readState(folder))?.port;
  if (stored !== undefined && (await isPortFree(stored))) return { number: stored };
  const [number = 0] = await findFreePorts(1);
  return stored === undefined ? { number } : { number, instead: stored };
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
