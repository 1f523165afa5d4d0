import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { FoundMongod, SourceContext } from './mongod.source.js';
import { probeMongod } from './probe-mongod.js';

/** `NESTFOLD_CACHE`, else `nestfold` in the user's cache folder. @internal */
export function cacheFolderOf(env: SourceContext['env']): string {
  return env['NESTFOLD_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'nestfold');
}

/** Paths of the cached binaries, newest version first. @internal */
export async function cachedBinaries(context: SourceContext): Promise<string[]> {
  const entries = await readdir(context.cacheFolder).catch(() => []);
  return entries
    .filter((entry) => entry.startsWith('mongod-'))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((entry) => join(context.cacheFolder, entry, executableName(context.platform)));
}

/**
 * Lets `fetch` put a binary into a private folder, and moves it into the cache when it runs.
 *
 * The move is one rename inside the cache: a process that looks at the same moment sees a whole binary or
 * none, and of two that fetch at once the second replaces the file by an equal one.
 * @internal
 */
export async function fetchIntoCache(
  context: SourceContext,
  fetch: (folder: string) => Promise<string>,
): Promise<FoundMongod> {
  await mkdir(context.cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(context.cacheFolder, '.fetch-'));
  try {
    const fetched = await fetch(folder);
    await chmod(fetched, 0o755);
    const { version } = await probeMongod(fetched);
    const home = join(context.cacheFolder, `mongod-${version}`);
    const path = join(home, executableName(context.platform));
    await mkdir(home, { recursive: true });
    await rename(fetched, path);
    return { path, version };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @internal */
export function executableName(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'mongod.exe' : 'mongod';
}
