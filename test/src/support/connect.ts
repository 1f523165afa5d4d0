import { silentLogger, systemEnvironment, type Environment, type StoreConnection } from '@nestfold/core';
import { mongo } from '@nestfold/mongodb';

/** A connection of its own to a database. */
export function connect(
  uri: string,
  database: string,
  appName = 'test',
  environment: Environment = systemEnvironment,
): Promise<StoreConnection> {
  return mongo({ uri, database, client: { appName } }).connect({ environment, logger: silentLogger });
}
