import { MongoClient, type MongoClientOptions } from 'mongodb';

/** Who logs in. @internal */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Logs in as a node of the set, which may do everything, where the nodes have a key. @internal */
export function asNode(key: string | undefined): MongoClientOptions {
  if (key === undefined) return {};
  return { auth: { username: '__system', password: key }, authSource: 'local', authMechanism: 'SCRAM-SHA-256' };
}

/** Makes a user who may do everything, in a set whose nodes have a key. @internal */
export async function createUser(uri: string, key: string, { username, password }: Credentials): Promise<void> {
  const client = await new MongoClient(uri, asNode(key)).connect();
  try {
    await client.db('admin').command({ createUser: username, pwd: password, roles: ['root'] });
  } finally {
    await client.close();
  }
}
