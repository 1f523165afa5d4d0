import { silentLogger, systemEnvironment, type StoreConnection } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { mongo } from '@nestfold/mongodb';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { altered, writingThrough } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, ending, started } from '../fixtures/engines.fixture.js';
import { engine, fast } from '../fixtures/store.fixture.js';
import { tell } from '../parking/parking.fixture.js';
import { book, Cover, expected, rebuilt, stored } from './stream-rebuild.fixture.js';

interface Kept {
  readonly _id: string;
}

const open: StoreConnection[] = [];
let database: ReturnType<typeof testDatabase>;
let store: StoreConnection;
let client: MongoClient;

async function connected(): Promise<StoreConnection> {
  const connection = await mongo({ uri: database.uri, database: database.name }).connect({
    environment: systemEnvironment,
    logger: silentLogger,
  });
  open.push(connection);
  return connection;
}

endEnginesAfterEach();

beforeEach(async () => {
  database = testDatabase('stream-rebuild');
  store = await connected();
  client = await MongoClient.connect(database.uri);
});

afterEach(async () => {
  await client.close();
  await Promise.all(open.splice(0).map((one) => one.close()));
  await database.drop();
});

/** As somebody's hand would: changed, left behind, taken away, and replaced together with the field that says which stream feeds it. */
async function damageAll(): Promise<void> {
  const db = client.db(database.name);
  const [pages, covers] = [db.collection<Kept>('book.page.v1.g1'), db.collection<Kept>('book.cover.v1.g1')];
  await pages.updateMany({}, { $set: { n: -1 } });
  const one = await pages.findOne({ _id: 'a/1' });
  await pages.insertOne({ ...one, _id: 'a/left' });
  await pages.deleteOne({ _id: 'a/2' });
  await covers.replaceOne({ _id: 'a' }, {});
}

describe('the rebuild of one stream, on MongoDB', () => {
  it('replaces its documents at one go while events are appended [B-11]', { timeout: 60_000 }, async () => {
    const one = await started(store, [book()], { settings: { ...fast, requestPollMs: 20 } });
    await one.settled();
    for (const id of ['a', 'b']) await tell(store, id, 'u1', 'u2', 'p2', 'd3', 'u4', 'r4');
    await one.settled();
    await damageAll();
    const looks: unknown[] = [];
    let looking = true;
    const covers = one.readModel(Cover);
    const looker = (async () => {
      while (looking) looks.push(await covers.findById('b'));
    })();
    const writer = (async () => {
      for (let n = 0; n < 40; n += 1) for (const id of ['a', 'b']) await tell(store, id, `u${n % 3}`);
    })();
    const ends = await Promise.all([rebuilt(one, 'a'), rebuilt(one, 'b')]);
    await writer;
    looking = false;
    await looker;
    expect(ends).toMatchObject([{ state: 'done' }, { state: 'done' }]);
    expect(looks.length).toBeGreaterThan(5);
    expect(looks).not.toContain(undefined);
    await one.settled();
    expect(await stored(store)).toEqual(await expected(store));
    const fed = await client
      .db(database.name)
      .collection<Kept & { _fedBy: string }>('book.cover.v1.g1')
      .find()
      .toArray();
    expect(new Map(fed.map(({ _id, _fedBy: feeder }) => [_id, feeder]))).toEqual(
      new Map([
        ['a', 'customer-a'],
        ['b', 'customer-b'],
      ]),
    );
  });

  it('is done by the next owner where one dies in the middle of its transaction', { timeout: 60_000 }, async () => {
    const settings = { ...fast, partitions: 1, leaseMs: 1_000 };
    let died = false;
    const store1 = await connected();
    const renew: typeof store1.leases.renew = (...args) =>
      died ? new Promise<never>(() => undefined) : store1.leases.renew(...args);
    const leases = altered(store1.leases, { renew });
    const dying = writingThrough({ ...store1, leases }, async (writer, batch, work) => {
      if (died) return new Promise<never>(() => undefined);
      return writer.write(batch, async (models) => {
        let replaced = 0;
        await work({
          find: (...args) => models.find(...args),
          patchWhere: (...args) => models.patchWhere(...args),
          apply: async (collection, changes) => {
            await models.apply(collection, changes);
            replaced += changes.filter(({ kind }) => kind === 'remove').length;
          },
        });
        if (replaced === 0) return;
        died = true;
        await new Promise<never>(() => undefined);
      });
    });
    const one = ending(engine(dying, [book()], { settings: { ...settings, drainMs: 200 } }));
    await one.start();
    await one.settled();
    await tell(store, 'a', 'u1', 'u2', 'd3');
    await one.settled();
    await damageAll();
    const damaged = await stored(store);
    await one.rebuildStream('book', 'customer-a', 'ada');
    await vi.waitFor(() => expect(died).toBe(true), { timeout: 10_000 });
    expect(await stored(store)).toEqual(damaged);
    await tell(store, 'a', 'p1');
    const two = await started(await connected(), [book()], { settings });
    await vi.waitFor(
      async () => expect(await two.streamRebuild('book', 'customer-a')).toMatchObject({ state: 'done' }),
      { timeout: 20_000 },
    );
    await two.settled();
    expect(await stored(store)).toEqual(await expected(store));
  });
});
