import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { inFetchFolder } from '../support/cache-folder.js';
import { moveWhole } from '../support/move-whole.js';
import type { KafkaContext, KafkaLibraries, KafkaSource } from './kafka.source.js';
import { probeLibraries } from './probe-libraries.js';

/** Where the libraries of the wanted version lie, or will lie. */
function cachedLibs({ cacheFolder, version }: Pick<KafkaContext, 'cacheFolder' | 'version'>): string {
  return join(cacheFolder, `kafka-${version}`);
}

/** What an earlier fetch left in the cache folder. It came there in one step, so that what is there is whole. @internal */
export const cacheSource: KafkaSource = {
  name: 'cache',
  find: async (context) => {
    const { version, cacheFolder } = context;
    const libs = cachedLibs(context);
    await access(join(libs, `kafka_2.13-${version}.jar`)).catch((error: unknown) => {
      throw new Error(`no Kafka ${version} in ${cacheFolder}`, { cause: error });
    });
    return { libs, version };
  },
};

/**
 * Lets `fetch` put libraries into a private folder, and moves them into the cache when they are of the wanted version and run. Of two
 * processes that fetch at once the first one's stay.
 * @internal
 */
export async function fetchIntoCache(
  context: KafkaContext,
  fetch: (folder: string) => Promise<string>,
): Promise<KafkaLibraries> {
  return inFetchFolder(context.cacheFolder, async (folder) => {
    const fetched = await fetch(folder);
    await access(join(fetched, `kafka_2.13-${context.version}.jar`)).catch((error: unknown) => {
      throw new Error('no broker is in what was fetched', { cause: error });
    });
    await probeLibraries(context.java, fetched);
    const libs = cachedLibs(context);
    await moveWhole(fetched, libs);
    // A folder that was there stays; the cache did not take it for whole, unless another process has just brought it.
    return cacheSource.find(context).catch((error: unknown) => {
      throw new Error(`${libs} is not whole: delete it`, { cause: error });
    });
  });
}
