import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from './test-database.js';

describe('testDatabase', () => {
  const database = testDatabase('Orders & more');
  const client = new MongoClient(database.uri);
  beforeAll(() => client.connect());
  afterAll(() => client.close());

  it('gives each caller a database of its own', () => {
    expect(database.name).toMatch(/^orders_more_[0-9a-f]{12}$/);
    expect(testDatabase('Orders & more').name).not.toBe(database.name);
  });

  it('gives a server with transactions and change streams', async () => {
    const orders = client.db(database.name).collection('orders');
    const changes = orders.watch();
    const first = changes.next();
    await client.withSession((session) => session.withTransaction(() => orders.insertOne({ total: 3 }, { session })));
    expect(await first).toMatchObject({ operationType: 'insert', fullDocument: { total: 3 } });
    await changes.close();
  });

  it('leaves nothing behind when dropped', async () => {
    await client.db(database.name).collection('orders').insertOne({});
    await database.drop();
    const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
    expect(databases.map(({ name }) => name)).not.toContain(database.name);
  });
});
