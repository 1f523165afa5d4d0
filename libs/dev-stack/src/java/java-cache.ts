import { join } from 'node:path';
import { inFetchFolder } from '../support/cache-folder.js';
import type { Machine } from '../support/machine.js';
import { moveWhole } from '../support/move-whole.js';
import { javaOfHome } from './installed-java.js';
import type { FoundJava, JavaSource } from './java.source.js';

/** The version of Java that is fetched where none is installed: the oldest with long support that Kafka 3.9 and 4 both run on for years. @internal */
export const FETCHED_MAJOR = 21;

/** What an earlier fetch left in the cache folder. @internal */
export const cacheSource: JavaSource = {
  name: 'Java in the cache',
  find: async (machine) => ({
    java: await javaOfHome(cachedHome(machine), machine.platform).catch((error: unknown) => {
      throw new Error(`none in ${machine.cacheFolder} that runs`, { cause: error });
    }),
  }),
};

/**
 * Lets `fetch` put a Java into a private folder and return its home, and moves that into the cache when it runs. Of two processes that
 * fetch at once the first one's stays.
 * @internal
 */
export async function fetchIntoCache(machine: Machine, fetch: (folder: string) => Promise<string>): Promise<FoundJava> {
  return inFetchFolder(machine.cacheFolder, async (folder) => {
    const fetched = await fetch(folder);
    await javaOfHome(fetched, machine.platform);
    const home = cachedHome(machine);
    await moveWhole(fetched, home);
    return {
      java: await javaOfHome(home, machine.platform).catch((error: unknown) => {
        throw new Error(`${home} is not whole: delete it`, { cause: error });
      }),
    };
  });
}

function cachedHome({ cacheFolder }: Machine): string {
  return join(cacheFolder, `java-${FETCHED_MAJOR}`);
}
