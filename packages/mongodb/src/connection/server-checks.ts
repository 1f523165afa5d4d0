import { ConfigurationError } from '@nestfold/core';
import type { Db } from 'mongodb';
import { rightsProblem } from './right-checks.js';

const OLDEST = 6;

/** Checks that a server can hold a store. Throws one `ConfigurationError` with everything that stands against it. */
export async function checkServer(db: Db): Promise<void> {
  const hello = await db.admin().command({ hello: 1 });
  const { versionArray, version } = (await db.admin().command({ buildInfo: 1 })) as {
    versionArray: number[];
    version: string;
  };
  const problems: string[] = [];
  if (hello['setName'] === undefined && hello['msg'] !== 'isdbgrid') {
    problems.push(
      'The MongoDB server is no replica set, so it has neither transactions nor change streams. Start it with --replSet and run rs.initiate() once: one node is enough.',
    );
  }
  if ((versionArray[0] ?? 0) < OLDEST)
    problems.push(`The MongoDB server is version ${version}: ${OLDEST}.0 or newer is needed.`);
  const rights = await rightsProblem(db);
  if (rights !== undefined) problems.push(rights);
  if (problems.length > 0) throw ConfigurationError.of(problems);
}
