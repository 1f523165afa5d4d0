import type { EventContext } from '@nestfold/core';
import { MongoOutbox } from '@nestfold/mongodb';
import { On, Projection, ReadModelDocument, writes } from '@nestfold/projections';
import { MongoClient } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kafka } from '../src/kafka.js';
import { CustomerRenamed, fact } from './orders.fixture.js';
import { rigForEach } from './transport.fixture.js';

@ReadModelDocument('told_names')
class ToldNames {
  _id!: string;
  names!: string[];
}

const told = writes(ToldNames);

@Projection('told-names', { version: 1, readModels: [ToldNames], slicing: 'stream', source: kafka('customer') })
class ToldNamesProjection {
  @On(CustomerRenamed) renamed({ name }: CustomerRenamed, { stream }: EventContext) {
    return told.reduce(stream, (document) => ({ names: [...(document?.names ?? []), name] }));
  }
}

describe('service that keeps documents', () => {
  const rig = rigForEach();

  it('tells by its outbox what it did, and nothing that it took back, to a service with a database of its own [K-13]', async () => {
    const topics = [{ name: 'customer', partitions: 3 }];
    const { uri, name } = rig.database;
    await rig.engine(await rig.store(), await rig.transport(topics), ['relay']).start();
    const reader = rig.engine(
      await rig.store('reader'),
      await rig.transport(topics),
      ['projections'],
      [ToldNamesProjection],
    );
    await reader.start();

    const client = await new MongoClient(uri).connect();
    onTestFinished(() => client.close());
    const db = client.db(name);
    const [customers, outbox] = [db.collection<{ _id: string; name: string }>('customers'), new MongoOutbox(db)];
    await db.createCollection('customers');
    const rename = (key: string, to: string, fails = false): Promise<void> =>
      client.withSession((session) =>
        session.withTransaction(async () => {
          await customers.updateOne({ _id: key }, { $set: { name: to } }, { session, upsert: true });
          await outbox.add(session, { category: 'customer', key, events: [fact(CustomerRenamed, { name: to })] });
          if (fails) throw new Error('refused');
        }),
      );
    for (let index = 0; index < 20; index += 1) {
      const renaming = rename('1', `name ${index}`, index % 5 === 4);
      await (index % 5 === 4 ? expect(renaming).rejects.toThrow('refused') : renaming);
    }
    const expected = Array.from({ length: 20 }, (_, index) => index)
      .filter((index) => index % 5 !== 4)
      .map((index) => `name ${index}`);
    await expect
      .poll(async () => (await reader.readModel(ToldNames).findById('customer-1'))?.names, { timeout: 20_000 })
      .toEqual(expected);
    expect(await customers.findOne({ _id: '1' })).toEqual({ _id: '1', name: 'name 18' });
  });
});
