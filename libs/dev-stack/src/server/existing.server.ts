import { MongoClient } from 'mongodb';
import type { MongoServer } from './mongo-server.js';

/** Connects once to see that the server of `MONGODB_URI` answers and can do transactions. @internal */
export async function useExisting(uri: string): Promise<MongoServer> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 });
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    if (hello['setName'] === undefined && hello['msg'] !== 'isdbgrid') {
      throw new Error('it is a standalone server; transactions and change streams need a replica set');
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The server of MONGODB_URI cannot be used: ${reason}`, { cause: error });
  } finally {
    await client.close();
  }
  return {
    uri,
    kind: 'existing',
    nodes: [],
    primary: () => Promise.resolve(undefined),
    kill: refuse,
    restart: refuse,
    stop: () => Promise.resolve(),
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('The server of MONGODB_URI was not started here; start with `ignoreUri: true`'));
}
