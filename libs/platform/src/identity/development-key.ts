import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const BYTES = 32;

/**
 * The key with which this machine's development issuer signs: made once, kept in the data folder for the owner alone, so that
 * tokens survive a restart and count in every process started beside it.
 */
export async function developmentKey(dataFolder: string): Promise<Uint8Array> {
  const file = join(dataFolder, 'development-issuer.key');
  await mkdir(dataFolder, { recursive: true });
  // Of several processes that start at once one makes the file; all read what stands in it.
  await writeFile(file, randomBytes(BYTES).toString('base64'), { mode: 0o600, flag: 'wx' }).catch(ignoreExisting);
  return readWhole(file);
}

async function readWhole(file: string): Promise<Uint8Array> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const key = new Uint8Array(Buffer.from(await readFile(file, 'utf8'), 'base64'));
    if (key.length === BYTES) return key;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${file} holds no key of ${BYTES} bytes: delete it, and it is made anew.`);
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}
