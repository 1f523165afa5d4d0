import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Environment variables. @internal */
export type Env = Readonly<Record<string, string | undefined>>;

/** `NESTFOLD_CACHE`, else `nestfold` in the user's cache folder. @internal */
export function cacheFolderOf(env: Env): string {
  return env['NESTFOLD_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'nestfold');
}

/**
 * Lends a private folder inside the cache for a fetch, and deletes it afterwards. What is whole leaves it by one rename
 * inside the cache: a process that looks at the same moment sees all of it or nothing.
 * @internal
 */
export async function inFetchFolder<T>(cacheFolder: string, fetch: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, '.fetch-'));
  try {
    return await fetch(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
