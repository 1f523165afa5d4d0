import { InMemoryDatabase, systemEnvironment, type ReadModelStore, type StoreConnection } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, passed, started } from '../fixtures/engines.fixture.js';
import { append, fact, fast, memory } from '../fixtures/store.fixture.js';
import { AuditNoted, CustomerRenamed } from '../fixtures/shop.fixture.js';
import { isFree, isParked, letterOf, tell } from '../parking/parking.fixture.js';
import { book, collectionOf, damage, expected, rebuilt, stored } from './stream-rebuild.fixture.js';

endEnginesAfterEach();

/** A running book in which some words fail, which a test changes. */
async function fragile(...bad: string[]) {
  const database = new InMemoryDatabase();
  const store = await memory(database);
  const fails = new Set(bad);
  const one = await started(store, [book((told) => fails.has(told))]);
  await one.settled();
  return { database, store, one, fails };
}

const seenOf = async (store: StoreConnection, key: string, id: string) =>
  (await store.checkpoints.watermarks(key, [`customer-${id}`])).get(`customer-${id}`);

/*
 * Taken away once to see these fail: the removal of what the stream feeds (what was left behind stayed); `ids` of `fedBy` (what was replaced by hand was
 * refused as another stream's); the end at what is applied (concurrent events were applied twice: property spec).
 */
describe('the rebuild of one stream', () => {
  it('makes all that the stream feeds what its events say, and touches nothing else [B-11]', async () => {
    const { database, store, one } = await fragile();
    for (const id of ['a', 'b']) await tell(store, id, 'u1', 'u2', 'p2', 'u3', 'd4', 'r3');
    await append(store, 'customer-a', fact(AuditNoted, { text: 'nobody is told' }));
    await one.settled();
    damage(database, 'a');
    damage(database, 'b');
    const damaged = await stored(store);
    const healthy = await expected(store);
    expect(damaged).not.toEqual(healthy);
    expect(await rebuilt(one, 'a')).toMatchObject({ state: 'done', version: 6, by: 'ada', generation: 'book.1.1' });
    const of = (all: object, id: string): unknown =>
      Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith(id)));
    expect(of(await stored(store), 'a')).toEqual(of(healthy, 'a'));
    expect(of(await stored(store), 'b')).toEqual(of(damaged, 'b'));
    await tell(store, 'a', 'u2');
    await rebuilt(one, 'b');
    await one.settled();
    expect(await stored(store)).toEqual(await expected(store));
  });

  it('leaves the place of the stream where it is, so that nothing is applied twice or lost [B-11]', async () => {
    const { store, one } = await fragile();
    await tell(store, 'a', 'u1', 'u1');
    await one.settled();
    const partitions = [0, 1, 2, 3].map((partition) => `book.1.1/${partition}`);
    const marks = () => Promise.all(partitions.map((key) => seenOf(store, key, 'a')));
    const before = await marks();
    await rebuilt(one, 'a');
    expect(await marks()).toEqual(before);
    await tell(store, 'a', 'u1');
    await one.settled();
    expect((await stored(store))['a/1']).toMatchObject({ n: 3 });
  });

  // Without the look at the floor its documents were taken away: of what history had there is no watermark.
  it('finds what was applied long ago, of which no watermark tells any more', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database, { horizonSeconds: 1 });
    await tell(store, 'a', 'u1', 'u2', 'd2');
    await passed(store, 3);
    const one = await started(store, [book()]);
    await one.settled();
    expect(database.watermarks.flatMap(({ rows }) => rows)).toEqual([]);
    damage(database, 'a');
    expect(await rebuilt(one, 'a')).toMatchObject({ state: 'done', version: 3 });
    expect(await stored(store)).toEqual(await expected(store));
    await tell(store, 'a', 'u1');
    await rebuilt(one, 'a');
    await one.settled();
    expect(await stored(store)).toEqual(await expected(store));
  });

  it('reads a stream of any length in pages', async () => {
    const { database, store, one } = await fragile();
    await tell(store, 'a', ...Array.from({ length: 450 }, (_, n) => `u${n % 3}`));
    await one.settled();
    damage(database, 'a');
    expect(await rebuilt(one, 'a')).toMatchObject({ state: 'done', version: 450 });
    expect(await stored(store)).toEqual(await expected(store));
  });

  it('tries again what waits behind a dead letter, and ends it where it heals', async () => {
    const { database, store, one, fails } = await fragile('u!');
    await tell(store, 'a', 'u1', 'u!', 'u3');
    await isParked(one, 'a');
    await one.settled();
    damage(database, 'a');
    fails.clear();
    expect(await rebuilt(one, 'a')).toMatchObject({ state: 'done', version: 3 });
    expect(await letterOf(one, 'a')).toBeUndefined();
    await tell(store, 'a', 'u4');
    await one.settled();
    expect(await stored(store)).toEqual(await expected(store));
  });

  it('leaves a stream parked whose event fails again, with what stands before it rebuilt', async () => {
    const { database, store, one } = await fragile('u!');
    await tell(store, 'a', 'u1', 'u2', 'u!', 'u3');
    await isParked(one, 'a');
    await one.settled();
    damage(database, 'a');
    expect(await rebuilt(one, 'a')).toMatchObject({ state: 'done', version: 2 });
    const letter = await isParked(one, 'a', 2, 'customer-a:3');
    expect([letter.waiting, letter.history.at(-1)?.by]).toEqual([2, 'ada']);
    expect(await stored(store)).toEqual(await expected(store, () => 2));
  });

  it('changes nothing where an event fails that was applied or discarded, and names it [B-12]', async () => {
    const { store, one, fails } = await fragile('u!');
    await tell(store, 'a', 'u1', 'u!', 'u3');
    const { id } = await isParked(one, 'a');
    await one.discardDeadLetter(id, 'ada');
    await isFree(one, 'a');
    const before = await stored(store);
    expect(await rebuilt(one, 'a')).toMatchObject({
      state: 'failed',
      error: { code: 'projection.failed', event: 'customer-a:2' },
    });
    expect(await stored(store)).toEqual(before);
    fails.clear();
    expect(await rebuilt(one, 'a')).toMatchObject({ state: 'done', version: 3 });
    expect(await stored(store)).toEqual(await expected(store));
  });

  it('fails, naming the other stream, where a document that it makes is fed by that [B-12]', async () => {
    const { database, store, one } = await fragile();
    await tell(store, 'a', 'u1');
    await tell(store, 'b', 'u1');
    await one.settled();
    const { documents } = collectionOf(database, 'page');
    documents.set('a/1', { ...documents.get('b/1')!, _id: 'a/1' });
    const before = await stored(store);
    expect(await rebuilt(one, 'a')).toMatchObject({
      state: 'failed',
      error: { code: 'read-model.fed-by-another-stream' },
    });
    expect(await stored(store)).toEqual(before);
  });

  it('is refused where it is more than one transaction should replace [B-12]', { timeout: 30_000 }, async () => {
    const { store, one } = await fragile();
    const many = Array.from({ length: 10_000 }, (_, n) => fact(CustomerRenamed, { customerId: 'a', name: `u${n}` }));
    await append(store, 'customer-a', ...many.slice(0, 5_000));
    await append(store, 'customer-a', ...many.slice(5_000));
    await one.settled({ timeoutMs: 20_000 });
    const before = (await stored(store))['a/7'];
    expect(await rebuilt(one, 'a')).toMatchObject({ state: 'failed', error: { code: 'stream-rebuild.too-large' } });
    expect((await stored(store))['a/7']).toEqual(before);
  });

  // With `fedBy` asked for one more than may be replaced, and judged by twice as many, the rest stayed, and it was told that all was done.
  it('changes nothing where more was left behind than one transaction should replace [B-12]', async () => {
    const { database, store, one } = await fragile();
    await tell(store, 'a', 'u1');
    await one.settled();
    const { documents } = collectionOf(database, 'page');
    const page = documents.get('a/1')!;
    for (let n = 0; n < 10_050; n += 1) documents.set(`left-${n}`, { ...page, _id: `left-${n}` });
    expect(await rebuilt(one, 'a')).toMatchObject({ state: 'failed', error: { code: 'stream-rebuild.too-large' } });
    expect(documents.size).toBe(10_051);
  });

  // Each may look through whole collections: all that waited was executed at one go, and what the partition feeds stood still for as long as that took.
  it('lets the partition be followed between rebuilds that take long', async () => {
    const inner = await memory();
    let lateMs = 0;
    let wasFollowed: boolean | undefined;
    const fedBy: ReadModelStore['fedBy'] = async (...args) => {
      if (args[1] === 'customer-b') wasFollowed ??= 'c' in (await stored(inner));
      else if (lateMs === 0) {
        lateMs = 1_000;
        await tell(inner, 'c', 'u1');
      }
      return inner.readModels.fedBy(...args);
    };
    const store = { ...inner, readModels: altered(inner.readModels, { fedBy }) };
    const environment = { ...systemEnvironment, now: () => systemEnvironment.now() + lateMs };
    const settings = { ...fast, partitions: 1, leaseMs: 10_000 };
    const one = await started(store, [book()], { settings, environment });
    for (const id of ['a', 'b']) await tell(store, id, 'u1');
    await one.settled();
    await one.pause('book', 'ada');
    for (const id of ['a', 'b']) await one.rebuildStream('book', `customer-${id}`, 'ada');
    await one.resume('book', 'ada');
    await vi.waitFor(() => expect(wasFollowed).toBe(true), { timeout: 5_000 });
  });

  // Whoever is to have the partition, or pauses it, waited for the end of the look, minutes where there are many documents.
  it('gives the partition back when that is asked for, also while it looks through a collection', async () => {
    const inner = await memory();
    let isLooking = false;
    const fedBy = (): Promise<never> => {
      isLooking = true;
      return new Promise(() => undefined);
    };
    const store = { ...inner, readModels: altered(inner.readModels, { fedBy }) };
    const one = await started(store, [book()]);
    await tell(store, 'a', 'u1');
    await one.settled();
    await one.rebuildStream('book', 'customer-a', 'ada');
    await vi.waitFor(() => expect(isLooking).toBe(true), 10_000);
    await one.pause('book', 'ada');
    await vi.waitFor(
      async () => expect((await one.status('book')).partitions.every(({ owner }) => owner === undefined)).toBe(true),
      10_000,
    );
  });

  it('is done in the former generation as well, while that is fed, so that a way back finds it', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    const one = await started(store, [book()], { settings: { ...fast, graceMs: 60_000 } });
    await tell(store, 'a', 'u1', 'u2', 'u3');
    await one.settled();
    await one.rebuild('book', 'ada');
    await vi.waitFor(async () => expect(await one.status('book')).toMatchObject({ generation: 2, state: 'live' }), {
      timeout: 8_000,
    });
    for (const generation of ['book.1.1', 'book.1.2']) damage(database, 'a', generation);
    expect(await rebuilt(one, 'a')).toMatchObject({ generation: 'book.1.2', state: 'done' });
    for (const generation of ['book.1.1', 'book.1.2'])
      await vi.waitFor(async () => expect(await stored(store, generation)).toEqual(await expected(store)), 10_000);
  });

  it('waits while the projection is paused', async () => {
    const { database, store, one } = await fragile();
    await tell(store, 'a', 'u1', 'u2');
    await one.settled();
    damage(database, 'a');
    await one.pause('book', 'ada');
    await vi.waitFor(
      async () => expect((await one.status('book')).partitions.every(({ owner }) => owner === undefined)).toBe(true),
      10_000,
    );
    const asked = await one.rebuildStream('book', 'customer-a', 'ada');
    expect(await one.rebuildStream('book', 'customer-a', 'bob')).toEqual(asked);
    expect(await one.streamRebuild('book', 'customer-a')).toMatchObject({ id: asked.id, state: 'requested' });
    await one.resume('book', 'ada');
    await vi.waitFor(async () => expect(await stored(store)).toEqual(await expected(store)), 10_000);
  });
});
