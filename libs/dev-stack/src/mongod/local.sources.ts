import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cachedBinaries, executableName } from './binary-cache.js';
import type { FoundMongod, MongodSource, SourceContext } from './mongod.source.js';
import { probeMongod } from './probe-mongod.js';

/** The first mongod on `PATH`. @internal */
export const pathSource: MongodSource = {
  name: 'PATH',
  find: (context) => {
    const folders = (context.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
    return firstThatRuns(
      folders.map((folder) => join(folder, executableName(context.platform))),
      'no mongod on PATH',
    );
  },
};

/** What an earlier fetch left in the cache folder. @internal */
export const cacheSource: MongodSource = {
  name: 'cache',
  find: async (context: SourceContext) =>
    firstThatRuns(await cachedBinaries(context), `nothing cached in ${context.cacheFolder}`),
};

async function firstThatRuns(paths: readonly string[], noneThere: string): Promise<FoundMongod> {
  let reason: unknown = new Error(noneThere);
  for (const path of paths) {
    if (!(await isExecutable(path))) continue;
    try {
      return await probeMongod(path);
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
