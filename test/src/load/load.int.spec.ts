import { randomUUID } from 'node:crypto';
import { Timestamp, type Db } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../support/connect.js';
import { ownServer } from '../support/own-server.js';
import { insertRaw, rawCommit } from '../support/raw-commit.js';
import { LoaderProcess } from './loader-process.js';
import type { LoaderOrders } from './loader.js';

const TALLIES = 600;
const EACH = 40;
const POISON = -1;
const LETHAL = -2;
const settings = { loadThreads: 2, loadRangeCommits: 2_000, historyEvents: 300, historyDocuments: 200 };

// So short a horizon that a history of an hour ago lies behind it.
const own = ownServer({ args: ['--setParameter', 'transactionLifetimeLimitSeconds=2'] });

/** What a tally is to come to. */
interface Expected {
  total: number;
  changes: number;
  digest: number;
}

/** Fills a database with tallies, an hour ago; answers what they come to. `odd` is added once to one of them. */
async function fill(
  database: Db,
  odd?: { readonly tallyId: string; readonly by: number },
): Promise<Map<string, Expected>> {
  // Makes the collections.
  await (await connect(own.server.uri, database.databaseName)).close();
  const seconds = Math.floor(Date.now() / 1000) - 3_600;
  const expected = new Map<string, Expected>();
  for (let version = 1; version <= EACH; version += 1) {
    const documents = Array.from({ length: TALLIES }, (_, tally) => {
      const tallyId = `t${tally}`;
      const isOdd = odd?.tallyId === tallyId && version === EACH / 2;
      const by = isOdd ? odd.by : ((tally * 7 + version * 13) % 97) + 1;
      const ordinal = version * TALLIES + tally;
      const before = expected.get(tallyId) ?? { total: 0, changes: 0, digest: 0 };
      expected.set(tallyId, {
        total: before.total + by,
        changes: before.changes + 1,
        digest: (before.digest * 31 + by) % 1_000_003,
      });
      const ts = new Timestamp({ t: seconds + Math.floor(ordinal / 1_000), i: (ordinal % 1_000) + 1 });
      return rawCommit({ tallyId, by, ref: randomUUID() }, version, ts);
    });
    await insertRaw(database, documents);
  }
  return expected;
}

function start(
  database: Db,
  projection: LoaderOrders['projection'],
  more: LoaderOrders['settings'] = {},
): LoaderProcess {
  const loader = LoaderProcess.start({
    uri: own.server.uri,
    database: database.databaseName,
    projection,
    settings: { ...settings, ...more },
  });
  onTestFinished(() => loader.kill());
  return loader;
}

interface StoredGeneration {
  readonly _id: string;
  readonly state: string;
  readonly collections: Readonly<Record<string, string>>;
  readonly load?: { readonly done: boolean; readonly ranges: readonly { readonly done: boolean }[] };
  readonly failure?: { readonly code: string; readonly message: string };
}

const generation = (database: Db): Promise<StoredGeneration | null> =>
  database.collection<StoredGeneration>('nestfold.generations').findOne({});

async function loaded(database: Db): Promise<number> {
  const [collection] = Object.values((await generation(database))?.collections ?? {});
  return collection === undefined ? 0 : database.collection(collection).estimatedDocumentCount();
}

async function until(loader: LoaderProcess, condition: () => Promise<boolean>): Promise<void> {
  await expect
    .poll(
      async () => {
        loader.check();
        return condition();
      },
      { timeout: 60_000, interval: 5 },
    )
    .toBe(true);
}

const isLive = (database: Db) => async (): Promise<boolean> => (await generation(database))?.state === 'live';

async function documentsOf(database: Db): Promise<Map<string, unknown>> {
  const [collection] = Object.values((await generation(database))!.collections);
  const all = await database
    .collection<{ _id: string }>(collection!)
    .find({}, { projection: { _fedBy: 0 } })
    .toArray();
  return new Map(all.map(({ _id, ...document }) => [_id, document]));
}

/** How many processes feed the partitions. */
const feeders = async (database: Db): Promise<number> => {
  const held = { _id: { $regex: '^tally-trails.1.1/[0-9]+$' } as never, until: { $gt: new Date() } };
  return (await database.collection('nestfold.leases').distinct('owner', held)).length;
};

const fresh = (): Db => own.client.db(`load_${randomUUID().slice(0, 8)}`);

describe('a load on worker threads', () => {
  // What these rest on was removed, each once, in memory: see load-attacks.spec.ts.
  it(
    'that is killed at a tenth, the half and nine tenths comes to what one reader makes [B-2, B-3]',
    { timeout: 180_000 },
    async () => {
      const database = fresh();
      const expected = await fill(database);
      const seen: number[] = [];
      for (const share of [0.1, 0.5, 0.9]) {
        const loader = start(database, 'tally-trails');
        await until(loader, async () => (await loaded(database)) >= share * TALLIES);
        await loader.kill();
        seen.push((await loaded(database)) / TALLIES);
        expect(loader.said('main thread')).toEqual([]);
      }
      // It was killed in the middle of its work, each time further on.
      expect(seen[0]!).toBeLessThan(1);
      expect(seen).toEqual(seen.toSorted((one, other) => one - other));
      const last = start(database, 'tally-trails');
      await until(last, isLive(database));
      expect(last.said('warn')).toEqual([]);
      expect(await documentsOf(database)).toEqual(expected);
      const { load } = (await generation(database))!;
      expect(load!.ranges.length).toBeGreaterThan(4);
      expect(load).toMatchObject({ done: true });
    },
  );

  it('is shared by two processes, one of which is killed', { timeout: 180_000 }, async () => {
    const database = fresh();
    const expected = await fill(database);
    const [one, other] = [start(database, 'tally-trails'), start(database, 'tally-trails')];
    await until(one, async () => (await loaded(database)) >= 0.3 * TALLIES);
    await one.kill();
    await until(other, isLive(database));
    expect(await documentsOf(database)).toEqual(expected);
  });

  // Several protections hold it back (the killed session, the batch's own time, the token); each by itself is taken away in load-attacks.spec.ts.
  it('is not changed by a process that was frozen in the midst of it and goes on', { timeout: 180_000 }, async () => {
    const database = fresh();
    const expected = await fill(database);
    const zombie = start(database, 'tally-trails');
    await until(zombie, async () => (await loaded(database)) >= 0.3 * TALLIES);
    zombie.freeze();
    const other = start(database, 'tally-trails');
    await until(other, isLive(database));
    zombie.thaw();
    // It is at work again when it feeds its share of what is live.
    await until(zombie, async () => (await feeders(database)) === 2);
    expect(await documentsOf(database)).toEqual(expected);
    zombie.check();
  });

  it(
    'parks the stream of a poisonous event and names it, as the main thread does [X-8]',
    { timeout: 120_000 },
    async () => {
      const database = fresh();
      const expected = await fill(database, { tallyId: 't7', by: POISON });
      const loader = start(database, 'tally-trails');
      await until(loader, isLive(database));
      const documents = await documentsOf(database);
      expect(documents.get('t7')).toMatchObject({ changes: EACH / 2 - 1 });
      expected.delete('t7');
      documents.delete('t7');
      expect(documents).toEqual(expected);
      // What is stored is seen before what was said is heard.
      await expect.poll(() => loader.said('A stream is parked').join()).toContain('tally-t7');
    },
  );

  it(
    'stops with a typed failure when threads die over one range again and again [B-10]',
    { timeout: 120_000 },
    async () => {
      const database = fresh();
      await fill(database, { tallyId: 't7', by: LETHAL });
      // So long a lease that it is not over by itself when it is looked at.
      const patient = { leaseMs: 60_000 };
      const loader = start(database, 'tally-trails', { ...patient, attempts: 3, backoffMs: 5, backoffMaxMs: 20 });
      await until(loader, async () => (await generation(database))?.state === 'failed');
      expect((await generation(database))!.failure).toMatchObject({ code: 'load.thread-failed' });
      // The process itself lives, and the leases of its dead threads are free.
      loader.check();
      const held = (): Promise<number> =>
        database.collection('nestfold.leases').countDocuments({
          _id: { $regex: '/load/' } as never,
          owner: { $exists: true },
          until: { $gt: new Date() },
        });
      await expect.poll(held).toBe(0);
    },
  );

  it(
    'goes on on the main thread, and says so, where its module cannot be loaded [B-10]',
    { timeout: 120_000 },
    async () => {
      const database = fresh();
      const expected = await fill(database);
      const loader = start(database, 'unfit-trails');
      await until(loader, isLive(database));
      const totals = new Map([...expected].map(([id, { total }]) => [id, { total }]));
      expect(await documentsOf(database)).toEqual(totals);
      await expect.poll(() => loader.said('main thread')).toEqual([expect.stringContaining('does not like threads')]);
    },
  );
});
