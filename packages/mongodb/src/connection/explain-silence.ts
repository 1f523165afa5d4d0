import { MongoClient } from 'mongodb';

const LOOK_MS = 1_000;

interface Hello {
  readonly isreplicaset?: boolean;
  readonly setName?: string;
  readonly hosts?: readonly string[];
}

/**
 * Why a server that answers was not found: the driver waits for a set as the connection string names it, and only says that none came. Asks
 * each address by itself; `undefined` where nobody answers, or there is nothing to tell.
 */
export async function explainSilence({ options }: MongoClient): Promise<string | undefined> {
  for (const host of options.hosts) {
    const hello = await helloOf(host.toString(), options.tls);
    const explained = hello && explain(host.toString(), hello, options.replicaSet);
    if (explained !== undefined) return explained;
  }
  return undefined;
}

function explain(
  host: string,
  { isreplicaset, setName: name, hosts = [host] }: Hello,
  wanted: string | undefined,
): string | undefined {
  if (name === undefined)
    return isreplicaset === true
      ? `MongoDB answers at ${host}, but its replica set is not initiated: run rs.initiate() once.`
      : undefined;
  if (wanted !== undefined && name !== wanted)
    return `MongoDB answers at ${host}, but its replica set is named '${name}', not '${wanted}'.`;
  return `MongoDB answers at ${host}, but no primary of its replica set can be reached at ${hosts.join(', ')}: is one elected, and are these addresses right as seen from here?`;
}

/** Needs no credentials: `hello` is answered before anybody logs in. */
async function helloOf(host: string, tls: boolean): Promise<Hello | undefined> {
  const limits = { serverSelectionTimeoutMS: LOOK_MS, connectTimeoutMS: LOOK_MS };
  const client = new MongoClient(`mongodb://${host}`, { directConnection: true, tls, ...limits });
  try {
    return await client.db('admin').command({ hello: 1 });
  } catch {
    return undefined;
  } finally {
    await client.close();
  }
}
