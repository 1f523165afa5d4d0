import { randomUUID } from 'node:crypto';
import {
  Aggregate,
  AggregateRepository,
  AggregateRoot,
  DomainEvent,
  EventTypes,
  streamName,
  systemEnvironment,
  type ReadRange,
  type StoreConnection,
} from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { MongoClient, Timestamp, type Db, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { append, connectStore } from '../../test/write-side.rig.js';

@DomainEvent('note.noted')
class Noted {
  note!: string;
}

class NoteState {}

@Aggregate('note', { state: NoteState, events: [Noted] })
class Note extends AggregateRoot<NoteState> {
  note(note: string): void {
    this.emit(Noted, { note });
  }
}

const database = testDatabase('reading');
let client: MongoClient;
let db: Db;
let store: StoreConnection;
const stream = `order-${randomUUID()}`;

/** The commands that read `commits`, as they were sent while `work` ran. */
async function readsOf(work: (observed: StoreConnection) => Promise<unknown>): Promise<Document[]> {
  const reads: Document[] = [];
  const connect = MongoClient.prototype.connect;
  MongoClient.prototype.connect = function (this: MongoClient) {
    this.on('commandStarted', ({ command }) => {
      if (command['find'] === 'commits' || command['collection'] === 'commits') reads.push(command);
    });
    return connect.call(this);
  };
  const observed = await connectStore(database.uri, database.name, {
    monitorCommands: true,
    readPreference: 'secondaryPreferred',
  });
  MongoClient.prototype.connect = connect;
  await work(observed);
  await observed.close();
  return reads;
}

/** The same, as the server would plan them. */
async function plansOf(
  work: (observed: StoreConnection) => Promise<unknown>,
): Promise<{ keys: number; documents: number; returned: number }[]> {
  const finds = await readsOf(work);
  return Promise.all(
    finds.map(async ({ find, filter, sort, limit, projection, batchSize, singleBatch, readConcern }) => {
      expect(readConcern).toMatchObject({ level: 'majority' });
      const query = {
        find,
        filter,
        ...(sort && { sort }),
        ...(limit && { limit }),
        ...(projection && { projection }),
        ...(batchSize && { batchSize }),
        ...(singleBatch && { singleBatch }),
      };
      const { executionStats } = await db.command({ explain: query, verbosity: 'executionStats' });
      const {
        totalKeysExamined: keys,
        totalDocsExamined: documents,
        nReturned: returned,
      } = executionStats as Record<string, number>;
      return { keys: keys!, documents: documents!, returned: returned! };
    }),
  );
}

beforeAll(async () => {
  client = await new MongoClient(database.uri).connect();
  db = client.db(database.name);
  store = await connectStore(database.uri, database.name);
  for (const other of [`${stream}-a`, stream, `${stream}-b`]) {
    for (let commit = 0; commit < 10; commit += 1) {
      const events = [1, 2].map((note) => ({ type: 'order.noted', schema: 1, data: { note } }));
      await append(store, other, 'any', { events });
    }
  }
});

afterAll(async () => {
  await store.close();
  await client.close();
  await database.drop();
});

describe('a read of a stream', () => {
  it('examines exactly the commits that it answers', async () => {
    // With a filter on the stream's name instead of a range of keys all commits are examined (tried).
    const [whole] = await plansOf(({ events }) => events.read(stream));
    expect(whole).toEqual({ keys: 10, documents: 10, returned: 10 });
    const head = await plansOf(({ events }) => events.head(stream));
    expect(head).toEqual([{ keys: 1, documents: 1, returned: 1 }]);
    const inside = await plansOf(({ events }) => events.read(stream, { fromVersion: 6, limit: 2 }));
    expect(inside.map(({ documents }) => documents)).toEqual([2, 1]);
    // Most versions asked for are where a commit begins.
    const middle = await plansOf(({ events }) => events.read(stream, { fromVersion: 7, limit: 2 }));
    expect(middle.map(({ documents }) => documents)).toEqual([2]);
  });

  it('is one command, at the primary and not older than what was seen before', async () => {
    // Fails without `readConcern` in `CommitFinder`, and costs a second command with the server's own size of a batch (tried).
    const long = `long-${randomUUID()}`;
    for (let commit = 0; commit < 150; commit += 1) await append(store, long, 'any');
    const reads = await readsOf(async ({ events }) => {
      await events.head(long);
      expect((await events.read(long)).commits).toHaveLength(150);
    });
    expect(reads.map(({ readConcern }) => readConcern as unknown)).toEqual([
      { level: 'majority' },
      { level: 'majority', afterClusterTime: expect.any(Timestamp) as unknown },
    ]);
    // Said or not, a replica set takes it for the primary; a client that prefers secondaries would say so.
    for (const { $readPreference } of reads)
      expect($readPreference ?? { mode: 'primary' }).toEqual({ mode: 'primary' });
  });

  it('finds a keyed commit by its index', async () => {
    const commitId = randomUUID();
    await append(store, stream, 'any', { commitId, keyed: true });
    const explained = await db
      .collection('commits')
      .find({ c: (await db.collection('commits').findOne({ keyed: true }))!['c'] as never, keyed: true })
      .explain('executionStats');
    expect((explained['executionStats'] as Document)['totalDocsExamined']).toBe(1);
    expect((await store.events.findKeyed(stream, commitId))?.id).toBe(commitId);
  });
});

describe('a stream that is larger than a reply', () => {
  it('is read whole, in order, and leaves no cursor open', async () => {
    // Fails when `more` is not looked at: then the read ends with the first 16 MB (tried).
    const name = `large-${randomUUID()}`;
    for (let commit = 0; commit < 6; commit += 1) {
      const events = [{ type: 'order.noted', schema: 1, data: { note: 'x'.repeat(7_000_000) } }];
      await append(store, name, 'any', { events });
    }
    const versions = async (range?: ReadRange): Promise<number[]> =>
      (await store.events.read(name, range)).commits.map(({ firstVersion }) => firstVersion);
    expect(await versions()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await versions({ fromVersion: 2, limit: 4 })).toEqual([2, 3, 4, 5]);
    expect(await versions({ limit: 0 })).toEqual([]);
    const idle = { $match: { type: 'idleCursor', ns: `${db.databaseName}.commits` } };
    await expect
      .poll(() =>
        client
          .db('admin')
          .aggregate([{ $currentOp: { idleCursors: true } }, idle])
          .toArray(),
      )
      .toEqual([]);
  });
});

describe('the view on events', () => {
  // Fails without `isReadable` in core: `null` made an event without fields, on which the command was decided.
  it.each([
    ['set to null', { $set: { 'e.0.d': null } }],
    ['taken away', { $unset: { 'e.0.d': '' } }],
  ])('lets no command pass where a payload was %s by hand, and appends nothing', async (_, damage) => {
    const id = randomUUID();
    const repository = new AggregateRepository(Note, {
      events: store.events,
      snapshots: store.snapshots,
      types: EventTypes.of([Noted]),
      environment: systemEnvironment,
    });
    for (const note of ['one', 'two']) await repository.save(id, (one) => one.note(note));
    const name = streamName('note', id);
    await db.collection<Document & { _id: object }>('commits').updateOne({ _id: { s: name, v: 1 } }, damage);
    await expect(repository.update(id, (one) => one.note('three'))).rejects.toMatchObject({
      code: 'event.invalid',
      details: { event: `${name}:1` },
    });
    expect((await store.events.head(name))?.firstVersion).toBe(2);
  });

  it('shows one row an event, with its place', async () => {
    const name = `view-${randomUUID()}`;
    const commitId = randomUUID();
    const events = ['one', 'two'].map((note) => ({ type: 'view.noted', schema: 3, data: { note } }));
    await append(store, name, 'noStream');
    await append(store, name, 'any', { events, commitId });
    const rows = await db
      .collection<{ _id: string }>('events')
      .find({ stream: name, version: { $gt: 1 } })
      .sort({ version: 1 })
      .toArray();
    expect(rows).toMatchObject([
      { _id: `${name}:2`, stream: name, version: 2, type: 'view.noted', schema: 3, data: { note: 'one' } },
      { _id: `${name}:3`, stream: name, version: 3, type: 'view.noted', data: { note: 'two' } },
    ]);
    expect(rows[0]).toHaveProperty('metadata.correlationId');
    expect((rows[0] as { occurredAt?: unknown } | undefined)?.occurredAt).toBeInstanceOf(Date);
  });
});

describe('a store', () => {
  it('is prepared by two processes at once', async () => {
    const name = `${database.name}_twice`;
    const both = await Promise.all([connectStore(database.uri, name), connectStore(database.uri, name)]);
    const epochs = await Promise.all(both.map(({ events }) => events.epoch()));
    expect(epochs[0]).toBe(epochs[1]);
    await Promise.all(both.map((one) => one.close()));
    await client.db(name).dropDatabase();
  });

  it('drains at its close what is on its way', async () => {
    const closing = await connectStore(database.uri, database.name);
    const appends = Array.from({ length: 200 }, () => append(closing, `drain-${randomUUID()}`, 'noStream'));
    const began = systemEnvironment.now();
    await Promise.resolve();
    await closing.close();
    await expect(Promise.all(appends)).resolves.toHaveLength(200);
    expect(systemEnvironment.now() - began).toBeLessThan(5_000);
  });
});
