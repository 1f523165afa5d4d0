import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEphemeralFolder } from '../process/ephemeral-folder.js';
import { onFreePorts } from '../process/free-port.js';
import type { MongoServer } from './mongo-server.js';
import { NodeSet } from './node-set.js';

/** A server whose data is thrown away, for tests and benches. @publicApi */
export interface EphemeralOptions {
  /** Size of the replica set. Default: 1. */
  readonly nodes?: 1 | 3;
  /** Keeps the data on disk rather than in memory, for figures that include the disk. Default: false. */
  readonly onDisk?: boolean;
  /** WiredTiger cache of each node in GB. Default: 0.5. */
  readonly cacheGb?: number;
  /** Whether users must log in; `uri` is then that of a user who may do everything. Default: false, nobody logs in. */
  readonly accessControl?: boolean;
  /** Further mongod arguments, e.g. `['--oplogSize', '1']`; they replace ours of the same name. */
  readonly args?: readonly string[];
}

/** @internal */
export async function startEphemeral(binary: string, options: EphemeralOptions): Promise<MongoServer> {
  return onFreePorts(options.nodes ?? 1, (ports) => startOn(ports, binary, options));
}

async function startOn(ports: readonly number[], binary: string, options: EphemeralOptions): Promise<MongoServer> {
  const folder = await createEphemeralFolder({
    product: 'mongo',
    servers: ports.length,
    onDisk: options.onDisk ?? false,
  });
  const access = options.accessControl ? await prepareAccess(folder) : undefined;
  return NodeSet.start({
    kind: 'ephemeral',
    binary,
    nodes: ports.map((port, index) => ({
      port,
      dataFolder: join(folder, `node-${index}`, 'data'),
      logFile: join(folder, `node-${index}`, 'mongod.log'),
      cacheGb: options.cacheGb ?? 0.5,
      testCommands: true,
      extra: [...(access ? ['--keyFile', access.keyFile] : []), ...(options.args ?? [])],
    })),
    // One node waits for nobody; three need more than the pauses of a busy machine.
    electionTimeoutMillis: ports.length === 1 ? 500 : 1_000,
    ...(access && { key: access.key }),
    duty: { graceMs: 0, removeFolder: folder },
  });
}

/** What the nodes of a set prove to each other that they belong to it; it makes their users log in too. */
async function prepareAccess(folder: string): Promise<{ readonly key: string; readonly keyFile: string }> {
  const access = { key: randomBytes(48).toString('hex'), keyFile: join(folder, 'key') };
  await writeFile(access.keyFile, access.key, { mode: 0o600 });
  return access;
}
