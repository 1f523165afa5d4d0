import { ConfigurationError } from '@nestfold/core';
import { MongoServerError, type Db, type Document } from 'mongodb';

const OLDEST = 6;
const UNAUTHORIZED = 13;
/** What the store does in its database; `find` and the like go with `readWrite`. */
const NEEDED_ACTIONS = ['find', 'insert', 'update', 'remove', 'createCollection', 'createIndex', 'changeStream', 'dropCollection'];

/** Checks that a server can hold a store. Throws one `ConfigurationError` with everything that stands against it. */
export async function checkServer(db: Db): Promise<void> {
  const hello = await db.admin().command({ hello: 1 });
  const { versionArray, version } = (await db.admin().command({ buildInfo: 1 })) as { versionArray: number[]; version: string };
  const problems: string[] = [];
  if (hello['setName'] === undefined && hello['msg'] !== 'isdbgrid') {
    problems.push(
      'The MongoDB server is no replica set, so it has neither transactions nor change streams. Start it with --replSet and run rs.initiate() once (one node is enough), or let @nestfold/dev-stack start one.',
    );
  }
  if ((versionArray[0] ?? 0) < OLDEST) problems.push(`The MongoDB server is version ${version}: ${OLDEST}.0 or newer is needed.`);
  const missing = await missingRights(db);
  if (missing.length > 0) {
    problems.push(`The database user may not ${missing.join(', ')} in '${db.databaseName}': grant it the role 'readWrite' and 'dbAdmin' there.`);
  }
  if (problems.length > 0) throw ConfigurationError.of(problems);
}

/** Turns a refusal for want of rights into an error that says what to grant. */
export async function explainingRights<T>(db: Db, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== UNAUTHORIZED) throw error;
    throw new ConfigurationError(
      `The database user lacks a right in '${db.databaseName}' (${error.message}): grant it the roles 'readWrite' and 'dbAdmin' there.`,
      {},
      { cause: error },
    );
  }
}

async function missingRights(db: Db): Promise<string[]> {
  const { authInfo } = (await db.command({ connectionStatus: 1, showPrivileges: true })) as { authInfo: Document };
  // Nobody is logged in: access control is off, or every command will say so.
  if ((authInfo['authenticatedUsers'] as unknown[]).length === 0) return [];
  const granted = new Set<string>();
  for (const { resource, actions } of authInfo['authenticatedUserPrivileges'] as { resource: Document; actions: string[] }[]) {
    const everywhere = resource['anyResource'] === true;
    const here = (resource['db'] === db.databaseName || resource['db'] === '') && resource['collection'] === '';
    if (everywhere || here) for (const action of actions) granted.add(action);
  }
  return NEEDED_ACTIONS.filter((action) => !granted.has(action));
}
