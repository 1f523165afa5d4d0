import type { Db } from 'mongodb';
import { liveCollections } from '../crash/judge.js';
import type { FailCommand } from './fail-point.js';

/** The commands of a batch of the tallies' projection at which a server can hold its process, so that it dies at a certain moment. */
export const batchPlaces: Readonly<Record<string, (database: Db) => Promise<FailCommand> | FailCommand>> = {
  'at the start of a batch': (database) => ({
    failCommands: ['update'],
    namespace: `${database.databaseName}.nestfold.checkpoints`,
  }),
  'among the writes of a batch': async (database) => {
    const { overall = '' } = await liveCollections(database);
    return { failCommands: ['update', 'insert'], namespace: `${database.databaseName}.${overall}` };
  },
  'at the commit of a batch': () => ({ failCommands: ['commitTransaction'] }),
};
