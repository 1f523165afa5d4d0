import { testDatabase } from '@nestfold/dev-stack';
import { afterAll, beforeAll } from 'vitest';
import { openRig, type Rig } from './read-side.rig.js';

/** The read side on a database for one group of tests: opened before them, dropped behind them. */
export function ownRig(name: string): { readonly rig: Rig } {
  const database = testDatabase(name);
  const own: { rig?: Rig } = {};
  beforeAll(async () => {
    own.rig = await openRig({ uri: database.uri, database: database.name });
  });
  afterAll(async () => {
    await own.rig?.close();
    await database.drop();
  });
  return own as { readonly rig: Rig };
}
