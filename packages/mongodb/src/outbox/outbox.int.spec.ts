import { randomUUID } from 'node:crypto';
import { DomainEvent, EventTypes, type PayloadCodec, type StoreConnection } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { MongoClient, type Collection, type Db } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectStore } from '../../test/write-side.rig.js';
import { MongoOutbox } from './outbox.js';
import { isOutsideTransaction } from './outside-transaction.error.js';

@DomainEvent('payment.taken')
class PaymentTaken {
  amount!: number;
}

const types = EventTypes.of([PaymentTaken]);

describe('outbox', () => {
  const database = testDatabase('outbox');
  let client: MongoClient;
  let db: Db;
  let store: StoreConnection;
  let outbox: MongoOutbox;
  let payments: Collection<{ _id: string; amount: number }>;

  beforeAll(async () => {
    client = await new MongoClient(database.uri).connect();
    db = client.db(database.name);
    store = await connectStore(database.uri, database.name);
    outbox = new MongoOutbox(db);
    payments = db.collection('payments');
    await db.createCollection('payments');
  });
  afterAll(async () => {
    await store.close();
    await client.close();
    await database.drop();
  });

  /** What a service does: changes its own documents, and tells of it. */
  async function take(id: string, amount: number, fails = false): Promise<void> {
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await payments.updateOne({ _id: id }, { $inc: { amount } }, { session, upsert: true });
        const events = [types.newEvent(PaymentTaken, { amount })];
        await outbox.add(session, { category: 'payment', key: id, events });
        if (fails) throw new Error('the till is empty');
      }),
    );
  }

  const told = async (id: string): Promise<unknown[]> =>
    (await store.events.read(`payment-${id}`)).commits.flatMap(({ firstVersion, events }) =>
      events.map(({ data }, index) => [firstVersion + index, (data as PaymentTaken).amount]),
    );

  it('keeps what was added in a transaction that was committed, and nothing of one that was not [K-13]', async () => {
    const id = randomUUID();
    await take(id, 5);
    await expect(take(id, 7, true)).rejects.toThrow('the till is empty');
    await take(id, 9);
    expect(await told(id)).toEqual([
      [1, 5],
      [2, 9],
    ]);
    expect(await payments.findOne({ _id: id })).toMatchObject({ amount: 14 });
  });

  // Without the label a duplicate key ends the transaction of one of them for good.
  it('gives all of 30 at once for one key a place of their own [K-13]', async () => {
    const id = randomUUID();
    await Promise.all(Array.from({ length: 30 }, (_, amount) => take(id, amount + 1)));
    const found = (await told(id)) as [number, number][];
    expect(found.map(([version]) => version)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(found.map(([, amount]) => amount).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
  });

  it('takes several events of one message together, and passes them through the codec of the store', async () => {
    const codec = {
      encode: async (items: readonly { event: { type: string; schema: number; data: object } }[]) =>
        items.map(({ event }) => ({ ...event, data: { sealed: JSON.stringify(event.data) } })),
      decode: async (items: readonly { event: { type: string; schema: number; data: object } }[]) =>
        items.map(({ event }) => event),
    };
    const sealed = new MongoOutbox(db, { codec });
    const events = [1, 2].map((amount) => types.newEvent(PaymentTaken, { amount }));
    const key = randomUUID();
    await client.withSession((session) =>
      session.withTransaction(async () => {
        expect(await sealed.add(session, { category: 'payment', key, events })).toEqual({
          stream: `payment-${key}`,
          version: 1,
        });
        expect(await sealed.add(session, { category: 'payment', key, events })).toMatchObject({ version: 3 });
      }),
    );
    const { commits } = await store.events.read(`payment-${key}`);
    expect(commits.map((commit) => commit.events.length)).toEqual([2, 2]);
    expect(commits[0]!.events[1]!.data).toEqual({ sealed: '{"amount":2}' });
  });

  it('takes nothing outside of a transaction, and nothing that could not be read again [K-13]', async () => {
    const events = [types.newEvent(PaymentTaken, { amount: 1 })];
    await client.withSession(async (session) => {
      const added = outbox.add(session, { category: 'payment', key: '1', events });
      await expect(added).rejects.toSatisfy(isOutsideTransaction);
      await expect(added).rejects.toMatchObject({
        message: expect.stringContaining('session.withTransaction'),
        retry: 'never',
      });
      session.startTransaction();
      await expect(outbox.add(session, { category: 'pay-ment', key: '1', events })).rejects.toThrow(
        'no stream category',
      );
      await expect(outbox.add(session, { category: 'payment', key: '', events })).rejects.toThrow('payment');
      await expect(outbox.add(session, { category: 'payment', key: '1', events: [] })).rejects.toThrow('no events');
      await session.abortTransaction();
    });
  });

  // Without the second look it was stored although its transaction had been taken back.
  it('stores nothing of what was not awaited, and whose transaction has ended meanwhile [K-13]', async () => {
    const key = randomUUID();
    const session = client.startSession();
    session.startTransaction();
    await payments.insertOne({ _id: key, amount: 1 }, { session });
    const codec: PayloadCodec = {
      encode: async (items) => {
        await session.abortTransaction();
        return items.map(({ event }) => event);
      },
      decode: async (items) => items.map(({ event }) => event),
    };
    const events = [types.newEvent(PaymentTaken, { amount: 1 })];
    const added = new MongoOutbox(db, { codec }).add(session, { category: 'payment', key, events });
    await expect(added).rejects.toSatisfy(isOutsideTransaction);
    await session.endSession();
    expect(await told(key)).toEqual([]);
  });
});
