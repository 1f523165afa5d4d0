import { silentLogger, systemEnvironment, isStoreUnavailable, type StoreConnection } from '@nestfold/core';
import { testDatabase, type TestDatabase } from '@nestfold/dev-stack';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orUnavailable } from '../transaction/failure.js';
import { mongo } from './mongo.adapter.js';

const FLOOD = 1_000;

describe('a flood of reads', () => {
  let place: TestDatabase;
  let store: StoreConnection;

  beforeAll(async () => {
    place = testDatabase();
    const client = { maxPoolSize: 4 };
    store = await mongo({ uri: place.uri, database: place.name, client }).connect({
      environment: systemEnvironment,
      logger: silentLogger,
    });
  });

  afterAll(async () => {
    await store.close();
    await place.drop();
  });

  // Without turns the lease is the last to be answered: all connections serve those who came before.
  it.each([
    ['of read models', () => store.readModels.findById('nothing', '1')],
    ['of streams', () => store.events.read('nothing-1')],
    ['of snapshots', () => store.snapshots.find('nothing-1', 1)],
  ])('%s leaves a connection to the lease that the engine lives by', async (what, read) => {
    let answered = 0;
    const flood = Array.from({ length: FLOOD }, () => read().then(() => (answered += 1)));
    const lease = await store.leases.acquire(`flood ${what}`, { owner: 'a', ttlMs: 10_000 });
    expect(lease?.owner).toBe('a');
    expect(answered).toBeLessThan(FLOOD / 2);
    await Promise.all(flood);
  });

  // Read as a caller does, a takeover under a flood stood still until its turn came, 10 s at most.
  it('leaves one to the look whether it is the same store, at which every takeover begins', async () => {
    const stream = 'seen-1';
    const event = { type: 'thing.done', schema: 1, data: {} };
    const metadata = { correlationId: 'c', causationId: 'u' };
    const commitId = systemEnvironment.uuid();
    await store.events.append([{ stream, expected: 'noStream', events: [event], commitId, metadata }]);
    const [commit] = (await store.events.read(stream)).commits;
    let answered = 0;
    const flood = Array.from({ length: FLOOD }, () => store.events.read('nothing-1').then(() => (answered += 1)));
    expect(await store.feed.holds({ stream, version: 1, time: commit!.time })).toBe(true);
    expect(answered).toBeLessThan(FLOOD / 2);
    await Promise.all(flood);
  });
});

describe('a pool without a free connection', () => {
  it('is a store that is unavailable, in the end', async () => {
    const place = testDatabase();
    const client = new MongoClient(place.uri, { maxPoolSize: 1, waitQueueTimeoutMS: 20 });
    const db = client.db(place.name);
    await db.collection<{ _id: number }>('things').insertOne({ _id: 1 });
    const slow = db.collection('things').findOne({ $where: 'sleep(1000) || true' });
    const refused: unknown = await orUnavailable('Reading', () => db.command({ ping: 1 })).catch((one: unknown) => one);
    expect(isStoreUnavailable(refused)).toBe(true);
    await slow;
    await client.close();
    await place.drop();
  });
});
