import type { MongoClient } from 'mongodb';
import { FailPoint } from './fail-point.js';

/**
 * Holds whichever process feeds the tallies at the commit of a batch, for so many milliseconds, and answers which of them, by the name of its
 * application: who comes and who goes changes who feeds what. Answers `undefined` when none of them stored anything for seconds.
 */
export async function holdInBatch(
  client: MongoClient,
  appNames: readonly string[],
  blockTimeMS: number,
): Promise<string | undefined> {
  for (const appName of [...appNames, ...appNames]) {
    const point = await FailPoint.set(
      client,
      { skip: 2 },
      { failCommands: ['commitTransaction'], appName, blockConnection: true, blockTimeMS },
    );
    if (await point.isMet(3_000)) return appName;
    await point.off();
  }
  return undefined;
}
