import { rename } from 'node:fs/promises';

/**
 * Moves a folder to a place in one step. Where another process was faster, its folder stays: both are whole, and whoever
 * has read the first may rely on it. Both places must be on one file system.
 * @internal
 */
export async function moveWhole(folder: string, place: string): Promise<void> {
  await rename(folder, place).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Windows says EPERM of a folder that is there.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error;
  });
}
