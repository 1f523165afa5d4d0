import { testDatabase } from '@nestfold/dev-stack';
import { MongoClient } from 'mongodb';
import { afterAll } from 'vitest';

/** As the README of dev-stack has it, for specs on a database. */
export function prepared(): MongoClient {
  const database = testDatabase('orders');
  const client = new MongoClient(database.uri);
  afterAll(async () => {
    await database.drop();
    await client.close();
  });
  return client;
}
