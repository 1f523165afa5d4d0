import { access, constants, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY_FOLDER = '/dev/shm';
// Journal and oplog of a node that a test suite writes to; a container's default of 64 MB is not enough.
const BYTES_PER_NODE = 1024 ** 3;

/** A new folder for data that is thrown away: in memory where the system offers enough, else on disk. @internal */
export async function createEphemeralFolder(nodes: number, onDisk: boolean): Promise<string> {
  const parent = !onDisk && (await hasRoom(MEMORY_FOLDER, nodes * BYTES_PER_NODE)) ? MEMORY_FOLDER : tmpdir();
  return mkdtemp(join(parent, 'nestfold-mongo-'));
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
