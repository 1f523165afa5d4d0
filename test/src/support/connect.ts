import { silentLogger, systemEnvironment, type StoreConnection } from '@nestfold/core';
import { mongo } from '@nestfold/mongodb';

/** A connection of its own to a database. */
export function connect(
  uri: string,
  database: string,
  appName = 'test',
  horizonSeconds?: number,
): Promise<StoreConnection> {
  return mongo({ uri, database, client: { appName }, ...(horizonSeconds !== undefined && { horizonSeconds }) }).connect(
    {
      environment: systemEnvironment,
      logger: silentLogger,
    },
  );
}
