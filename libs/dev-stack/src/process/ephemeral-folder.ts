import { access, constants, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY_FOLDER = '/dev/shm';
// What a test suite writes to one server; a container's default of 64 MB is not enough.
const BYTES_PER_SERVER = 1024 ** 3;

/** What is to be put into a folder. @internal */
export interface EphemeralContent {
  /** Stands in the folder's name. */
  readonly product: 'mongo' | 'kafka';
  /** How many servers keep their data in it. */
  readonly servers: number;
  /** Keeps it out of memory. */
  readonly onDisk: boolean;
}

/** A new folder for data that is thrown away: in memory where the system offers enough, else on disk. @internal */
export async function createEphemeralFolder({ product, servers, onDisk }: EphemeralContent): Promise<string> {
  const parent = !onDisk && (await hasRoom(MEMORY_FOLDER, servers * BYTES_PER_SERVER)) ? MEMORY_FOLDER : tmpdir();
  return mkdtemp(join(parent, `nestfold-${product}-`));
}

async function hasRoom(folder: string, bytes: number): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= bytes;
  } catch {
    return false;
  }
}
