import { randomUUID } from 'node:crypto';
import { silentLogger, type Logger } from '@nestfold/core';
import { startMongo, type MongoServer } from '@nestfold/dev-stack';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidText } from '../connection/bson-mapping.js';
import type { LeasedSession } from './lease-document.js';
import { SessionKiller } from './session-killer.js';

describe('ending the sessions of former owners, where users log in', () => {
  let server: MongoServer;
  let root: MongoClient;
  const clients: MongoClient[] = [];

  /** A client logged in as this user. */
  async function as(user: string): Promise<MongoClient> {
    const client = await new MongoClient(server.uri, {
      auth: { username: user, password: 'secret' },
      authSource: 'admin',
    }).connect();
    clients.push(client);
    return client;
  }

  beforeAll(async () => {
    server = await startMongo({ ephemeral: { accessControl: true }, ignoreUri: true });
    root = await new MongoClient(server.uri).connect();
    const admin = root.db('admin');
    await admin.command({
      createRole: 'killer',
      privileges: [{ resource: { cluster: true }, actions: ['killAnySession'] }],
      roles: [],
    });
    await admin.command({ createUser: 'one', pwd: 'secret', roles: ['readWriteAnyDatabase'] });
    await admin.command({ createUser: 'other', pwd: 'secret', roles: ['readWriteAnyDatabase'] });
    await admin.command({ createUser: 'mighty', pwd: 'secret', roles: ['readWriteAnyDatabase', 'killer'] });
  });

  afterAll(async () => {
    for (const client of clients) await client.close();
    await root?.close();
    await server?.stop();
  });

  /** Leaves a transaction open as a user, and names it as its lease would; tells whether it still holds its document. */
  async function orphan(user: string): Promise<{ readonly session: LeasedSession; held(): Promise<boolean> }> {
    const client = await as(user);
    const documents = client.db('shop').collection<{ _id: string; n: number }>('documents');
    const _id = randomUUID();
    await documents.insertOne({ _id, n: 0 });
    const session = client.startSession();
    session.startTransaction();
    await documents.updateOne({ _id }, { $inc: { n: 1 } }, { session });
    const owner = await new SessionKiller(client, silentLogger).ownUser();
    return {
      session: { session: uuidText(session.serverSession.id.id), ...(owner && { user: owner }) },
      held: () =>
        documents.updateOne({ _id }, { $inc: { n: 1 } }, { maxTimeMS: 300 }).then(
          () => false,
          () => true,
        ),
    };
  }

  it('ends those of the same user without a special right [P-4]', async () => {
    const { session, held } = await orphan('one');
    expect(await held()).toBe(true);
    expect(await new SessionKiller(await as('one'), silentLogger).kill([session])).toBe(true);
    await expect.poll(held).toBe(false);
  });

  // Without the user's digest the server answered well and the transaction stayed open.
  it('ends those of another user with the right to [P-4]', async () => {
    const { session, held } = await orphan('one');
    expect(await new SessionKiller(await as('mighty'), silentLogger).kill([session])).toBe(true);
    await expect.poll(held).toBe(false);
  });

  it('says that it could not, without the right to', async () => {
    const { session, held } = await orphan('one');
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
    expect(await new SessionKiller(await as('other'), logger).kill([session])).toBe(false);
    expect(warnings).toHaveLength(1);
    expect(await held()).toBe(true);
  });
});
