import { chmod, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { inFetchFolder } from '../support/cache-folder.js';
import type { FoundMongod, SourceContext } from './mongod.source.js';
import { probeMongod } from './probe-mongod.js';

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
 * Of two processes that fetch at once the second replaces the file by an equal one.
 * @internal
 */
export async function fetchIntoCache(
  context: SourceContext,
  fetch: (folder: string) => Promise<string>,
): Promise<FoundMongod> {
  return inFetchFolder(context.cacheFolder, async (folder) => {
    const fetched = await fetch(folder);
    await chmod(fetched, 0o755);
    const { version } = await probeMongod(fetched);
    const home = join(context.cacheFolder, `mongod-${version}`);
    const path = join(home, executableName(context.platform));
    await mkdir(home, { recursive: true });
    await rename(fetched, path);
    return { path, version };
  });
}

/** @internal */
export function executableName(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'mongod.exe' : 'mongod';
}
