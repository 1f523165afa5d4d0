import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Unpacks an archive into a folder that it makes, by the `tar` that every system has (that of Windows reads zip files too). Throws an
 * `Error` that says in one line why it cannot.
 * @internal
 */
export async function unpackArchive(archive: string, folder: string): Promise<void> {
  await mkdir(folder);
  await run('tar', ['-xf', archive, '-C', folder]).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Error('tar is not installed', { cause: error });
    }
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(`tar failed: ${stderr.split('\n')[0] ?? ''}`, { cause: error });
  });
}
