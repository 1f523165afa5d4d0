import { MongoClient, MongoNetworkError, MongoServerError, type Document } from 'mongodb';
import { waitFor } from '../support/wait-for.js';
import { asNode, type Credentials } from './access-control.js';
import { REPLICA_SET } from './mongod-arguments.js';

const NOT_YET_INITIALIZED = 94;
const PRIMARY_WITHIN_MS = 60_000;

/** The address of a set for `MongoClient`: transactions and change streams work with it. @internal */
export function replicaSetUri(hosts: readonly string[], user?: Credentials): string {
  const [login, source] = user ? [`${user.username}:${user.password}@`, '&authSource=admin'] : ['', ''];
  return `mongodb://${login}${hosts.join(',')}/?replicaSet=${REPLICA_SET}${source}`;
}

/**
 * Makes a replica set of the running nodes and returns when each is primary or secondary.
 *
 * It looks at what is there before it acts, so it can be repeated after a crash at any point: a set without
 * configuration is initiated, one whose members stand under other addresses (a kept data folder on a new
 * port) gets the addresses forced.
 * @internal
 */
export async function formReplicaSet(
  hosts: readonly string[],
  electionTimeoutMillis: number,
  key?: string,
): Promise<void> {
  const clients = await Promise.all(hosts.map((host) => connectDirectly(host, key)));
  try {
    const [first] = clients;
    if (first !== undefined) await configure(first, hosts, electionTimeoutMillis);
    await waitFor({ what: 'the replica set to elect a primary', timeoutMs: PRIMARY_WITHIN_MS }, async () => {
      const states = await Promise.all(clients.map(hello));
      return states.some((state) => state['isWritablePrimary'] === true) && states.every(isServing);
    });
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

/** Returns when the node has joined its set again, as primary or secondary. @internal */
export async function waitUntilServing(host: string): Promise<void> {
  const client = await connectDirectly(host);
  try {
    await waitFor({ what: `${host} to join its replica set`, timeoutMs: PRIMARY_WITHIN_MS }, async () =>
      isServing(await hello(client)),
    );
  } finally {
    await client.close();
  }
}

/** Which of the hosts is primary at the moment; one that does not answer holds nobody up. @internal */
export async function findPrimary(hosts: readonly string[]): Promise<string | undefined> {
  const claims = hosts.map(async (host) => {
    const client = await connectDirectly(host);
    const state = await hello(client).finally(() => client.close());
    if (state['isWritablePrimary'] !== true) throw new Error(`${host} is not primary`);
    return host;
  });
  return Promise.any(claims).catch(() => undefined);
}

async function connectDirectly(host: string, key?: string): Promise<MongoClient> {
  const options = { serverSelectionTimeoutMS: 5_000, ...asNode(key) };
  return new MongoClient(`mongodb://${host}/?directConnection=true`, options).connect();
}

/** The node's state; an empty one when a change of state closes the connection on the way. */
async function hello(client: MongoClient): Promise<Document> {
  try {
    return await client.db('admin').command({ hello: 1 });
  } catch (error) {
    if (error instanceof MongoNetworkError) return {};
    throw error;
  }
}

function isServing(state: Document): boolean {
  return state['isWritablePrimary'] === true || state['secondary'] === true;
}

async function configure(client: MongoClient, hosts: readonly string[], electionTimeoutMillis: number): Promise<void> {
  const admin = client.db('admin');
  const present = await currentConfig(client);
  const members = hosts.map((host, _id) => ({ _id, host }));
  if (present === undefined) {
    await admin.command({
      replSetInitiate: {
        _id: REPLICA_SET,
        members,
        // Beats of 2 s, the default, would make the first election of three nodes wait for one.
        settings: { electionTimeoutMillis, heartbeatIntervalMillis: 200 },
      },
    });
  } else if (JSON.stringify(hostsOf(present)) !== JSON.stringify(hosts)) {
    await admin.command({
      replSetReconfig: { ...present, members, version: Number(present['version']) + 1 },
      force: true,
    });
  }
}

function hostsOf(config: Document): unknown[] {
  const members: unknown = config['members'];
  return Array.isArray(members) ? members.map((member: Document): unknown => member['host']) : [];
}

/**
 * The stored configuration, or `undefined` for a set that has none. The document decides, not the command: a
 * node that is still loading its configuration answers "not yet initialized" as well.
 */
async function currentConfig(client: MongoClient): Promise<Document | undefined> {
  const stored = await client.db('local').collection('system.replset').findOne();
  if (stored === null) return undefined;
  return waitFor({ what: 'the replica set to load its configuration', timeoutMs: PRIMARY_WITHIN_MS }, async () => {
    try {
      const answer = await client.db('admin').command({ replSetGetConfig: 1 });
      return answer['config'] as Document;
    } catch (error) {
      if (error instanceof MongoServerError && error.code === NOT_YET_INITIALIZED) return undefined;
      throw error;
    }
  });
}
