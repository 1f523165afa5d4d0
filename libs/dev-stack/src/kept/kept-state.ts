import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isProcessAlive } from '../process/process-alive.js';

/** What a start leaves beside the data for the next one. @internal */
export interface KeptState {
  /** Clients, and a kept replica set itself, know it by its port: it is started on the same one. */
  readonly port: number;
  /** The process that started the server. */
  readonly ownerPid: number;
  readonly serverPid: number;
}

const FILE = 'state.json';

/** `undefined` when there is none yet, or it is unreadable: the start then begins with a fresh port. @internal */
export async function readState(folder: string): Promise<KeptState | undefined> {
  const value: unknown = await readFile(join(folder, FILE), 'utf8')
    .then((text) => withServerPid(JSON.parse(text) as object))
    .catch(() => undefined);
  return isState(value) ? value : undefined;
}

/** Replaces the state in one step; a crash leaves the old one or the new one. @internal */
export async function writeState(folder: string, state: KeptState): Promise<void> {
  const temporary = join(folder, `${FILE}.${process.pid}`);
  await writeFile(temporary, JSON.stringify(state));
  await rename(temporary, join(folder, FILE));
}

/**
 * The process that has a server running on the kept data of a folder; `undefined` when there is none. A look, no lock: what counts is what the
 * start says.
 * @publicApi
 */
export async function ownerOfFolder(folder: string): Promise<number | undefined> {
  const state = await readState(folder);
  if (state === undefined || state.ownerPid === process.pid) return undefined;
  // Both: after a restart of the machine a number belongs to somebody else.
  return isProcessAlive(state.ownerPid) && isProcessAlive(state.serverPid) ? state.ownerPid : undefined;
}

/** Data that was kept before there was another server than mongod names its process so. */
function withServerPid(state: object): object {
  return 'mongodPid' in state ? { ...state, serverPid: state.mongodPid } : state;
}

function isState(value: unknown): value is KeptState {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['port', 'ownerPid', 'serverPid'].every((key) => Number.isInteger(Reflect.get(value, key)))
  );
}
