import { sliceOf, type StoreConnection } from '@nestfold/core';
import { MongoClient, Timestamp } from 'mongodb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { databaseForEach } from '../../test/mongo.fixture.js';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { ReadModelDocument } from '../definition/read-model-document.decorator.js';
import { writes } from '../definition/writes.js';
import { endEnginesAfterEach, ending, started } from '../fixtures/engines.fixture.js';
import { Mortal } from '../fixtures/mortal.fixture.js';
import { CustomerRenamed } from '../fixtures/shop.fixture.js';
import { engine, fast } from '../fixtures/store.fixture.js';
import { diary, isFree, isParked, letterOf, tell, written } from './parking.fixture.js';

@ReadModelDocument('seats', { indexes: [{ name: 'seat', keys: { seat: 1 }, unique: true }] })
class Seat {
  _id!: string;
  seat!: string;
}

@Projection('seats', { version: 1, readModels: [Seat] })
class Seats {
  @On(CustomerRenamed) renamed({ customerId, name }: CustomerRenamed) {
    return writes(Seat).reduce(customerId, () => ({ seat: name }));
  }
}

const settings = { ...fast, attempts: 2 };
const database = databaseForEach('parking');
let store: StoreConnection;

endEnginesAfterEach();

beforeEach(async () => {
  store = await database.connect();
});

describe('an event that cannot be applied, on MongoDB', () => {
  it(
    'is parked when a unique index refuses it, and applied when the index does no more',
    { timeout: 60_000 },
    async () => {
      const one = await started(store, [Seats], { settings });
      await one.settled({ timeoutMs: 20_000 });
      await tell(store, 'a', '1');
      await tell(store, 'b', '2', '1');
      await tell(store, 'c', '4');
      await one.settled({ timeoutMs: 20_000 });
      const seats = one.readModel(Seat);
      expect([await seats.findById('b'), await seats.findById('c')]).toMatchObject([{ seat: '2' }, { seat: '4' }]);
      expect(await one.status('seats')).toMatchObject({ state: 'live' });
      const { id } = await isParked(one, 'b');
      expect(await one.deadLetter(id)).toMatchObject({
        waiting: 1,
        error: { event: 'customer-b:2', code: 'read-model.change-refused', method: 'Seats.renamed' },
      });
      await one.retryDeadLetter(id, 'ada');
      await isParked(one, 'b', 2);
      await tell(store, 'a', '9');
      await one.settled({ timeoutMs: 20_000 });
      await one.retryDeadLetter(id, 'ada');
      await isFree(one, 'b');
      expect(await seats.findById('b')).toMatchObject({ seat: '1' });
      const marks = await store.checkpoints.watermarks('seats.1.1/0', ['customer-b']);
      expect(marks.get('customer-b')).toEqual({ stream: 'customer-b', seen: 2, applied: 2 });
    },
  );

  it('is parked when its data is none, live and in a build [X-9]', { timeout: 60_000 }, async () => {
    const client = await MongoClient.connect(database.uri, { directConnection: true });
    try {
      await tell(store, 'b', '1', '2');
      // As no append would store it.
      const commits = client.db(database.name).collection<{ _id: object; e: object[] }>('commits');
      const sample = (await commits.findOne())!;
      const ts = new Timestamp({ t: 0, i: 0 });
      const broken = { ...sample.e[0], d: null };
      await commits.insertOne({
        ...sample,
        _id: { s: 'customer-a', v: 1 },
        ts,
        h: sliceOf('customer-a'),
        e: [broken],
      } as never);
      const one = await started(store, [diary(() => false)], { settings });
      await one.settled({ timeoutMs: 20_000 });
      expect(await written(one, 'b')).toBe('12');
      expect((await isParked(one, 'a')).error.event).toBe('customer-a:1');
      const { id } = await one.rebuild('diary', 'ada');
      await vi.waitFor(async () => expect((await one.rebuildStatus(id))?.state).toBe('done'), { timeout: 20_000 });
      const letter = await letterOf(one, 'a');
      expect(letter).toMatchObject({ generation: id, error: { event: 'customer-a:1' } });
      await one.discardDeadLetter(letter!.id, 'ada');
      await isFree(one, 'a');
      await tell(store, 'a', '2');
      await one.settled({ timeoutMs: 20_000 });
      expect(await written(one, 'a')).toBe('2');
    } finally {
      await client.close();
    }
  });

  // Of all that a batch writes here nothing may stay behind: the checkpoint, the parked stream and its `seen` are of one transaction.
  it(
    'is not lost when the process dies inside the transaction that parks it, or frees it',
    { timeout: 120_000 },
    async () => {
      const short = { ...settings, leaseMs: 600, leasePollMs: 50, drainMs: 500 };
      for (const call of [1, 2, 3, 4]) {
        let fails = true;
        const projections = [diary((told) => fails && told === '!')];
        const mortal = new Mortal(await database.connect(), { call, when: 'within' });
        const one = ending(engine(mortal.connection, projections, { settings: short }));
        await one.start();
        await one.settled({ timeoutMs: 20_000 });
        mortal.arm();
        const [a, b] = [`a${call}`, `b${call}`];
        for (const told of ['1', '!', '3']) {
          await tell(store, a, told);
          await tell(store, b, told === '!' ? '2' : told);
        }
        const two = ending(engine(await database.connect(), projections, { settings: short }));
        const settled = async (): Promise<void> => two.settled({ timeoutMs: 30_000 });
        await two.start();
        await settled();
        const { id } = await isParked(two, a);
        fails = false;
        await two.retryDeadLetter(id, 'ada');
        await isFree(two, a);
        await tell(store, a, '4');
        await settled();
        expect([await written(two, a), await written(two, b)], `batch ${call}`).toEqual(['1!34', '123']);
        await Promise.all([one.stop(), two.stop()]);
      }
    },
  );
});
