import { InMemoryDatabase, type BatchWriter } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { writingThrough } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { CustomerCard } from '../fixtures/shop.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';
import { diary, idIn, isParked, letterOf, tell, written } from './parking.fixture.js';

endEnginesAfterEach();

const bad = (told: string): boolean => told.startsWith('!');

describe('an event that cannot be applied', () => {
  it('parks its stream behind it, in order; all others go on, and nothing stops [X-1]', async () => {
    const store = await memory();
    const one = await started(store, [diary(bad)]);
    await one.settled();
    await tell(store, 'a', '1');
    await tell(store, 'b', '1', '!2', '3');
    await tell(store, 'a', '2');
    await tell(store, 'b', '4');
    await one.settled();
    expect([await written(one, 'a'), await written(one, 'b')]).toEqual(['12', '1']);
    expect(await one.status('diary')).toMatchObject({
      state: 'live',
      lagEvents: 0,
      parked: 1,
      parkedSince: expect.any(Date) as Date,
    });
    expect(await letterOf(one, 'b')).toMatchObject({
      projection: 'diary',
      generation: 'diary.1.1',
      stream: 'customer-b',
      attempts: 1,
      waiting: 3,
      error: {
        event: 'customer-b:2',
        type: 'customer.renamed',
        method: 'Diary.told',
        code: 'projection.failed',
        message: expect.stringContaining("cannot write down '!2'") as string,
      },
    });
    // What a waiter and a follower after lost history are told: delivered, but not applied.
    const marks = await store.checkpoints.watermarks('diary.1.1/0', ['customer-a', 'customer-b']);
    expect(Object.fromEntries([...marks].map(([stream, { seen, applied }]) => [stream, [seen, applied]]))).toEqual({
      'customer-a': [2, 2],
      'customer-b': [4, 1],
    });
  });

  it('is tried again at once before that, and nothing is parked when it goes through [X-1]', async () => {
    let left = 2;
    const store = await memory();
    const one = await started(store, [diary((told) => bad(told) && left-- > 0)]);
    await tell(store, 'a', '1', '!2', '3');
    await one.settled();
    expect([await written(one, 'a'), await letterOf(one, 'a')]).toEqual(['1!23', undefined]);
  });

  it('stays parked after a restart and a takeover [X-3]', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    const one = await started(store, [diary(bad)]);
    await tell(store, 'a', '!1');
    await one.settled();
    await one.stop();
    await tell(store, 'a', '2');
    await tell(store, 'b', '1');
    const two = await started(await memory(database), [diary(bad)]);
    await two.settled();
    expect([await written(two, 'a'), await written(two, 'b')]).toEqual([undefined, '1']);
    expect(await letterOf(two, 'a')).toMatchObject({ waiting: 2, attempts: 1 });
  });

  it('is found among many that the store takes or refuses, by halving', async () => {
    const store = await memory();
    for (let n = 0; n < 40; n += 1) await tell(store, `${n}`, n % 13 === 5 ? '!' : 'x');
    // Behaves as a database does that knows rules of which the fold knows nothing, and names nobody.
    const calls: number[] = [];
    const strict = writingThrough(
      store,
      refusing((document) => bad(String(document['name'])), calls),
    );
    const one = await started(strict, [diary(() => false)], { settings: { ...fast, attempts: 2 } });
    await one.settled();
    const { deadLetters } = await one.deadLetters();
    expect(deadLetters.map(({ error }) => error.event).toSorted()).toEqual([
      'customer-18:1',
      'customer-31:1',
      'customer-5:1',
    ]);
    expect(deadLetters[0]?.error).toMatchObject({
      message: expect.stringContaining('a rule of the database') as string,
      method: 'Diary.told',
    });
    expect(await one.readModel(CustomerCard).count()).toBe(37);
    // Event by event in one transaction, a large batch would never end in its time.
    expect(Math.max(...calls)).toBe(1);
  });

  it('is met again when another batch stands in the place of the one that parks it', async () => {
    // With what that batch would have parked still held back, the stream was held back for ever, without a dead letter.
    const store = await memory();
    let disturbs = true;
    const disturbed = writingThrough(store, async (writer, batch, work) => {
      if (disturbs && (batch.parked?.park?.length ?? 0) > 0) {
        disturbs = false;
        const { watermarks: _none, parked: _nothing, ...rest } = batch;
        const before = (await store.checkpoints.find(batch.key))?.position;
        await writer.write({ ...rest, ...(before && { position: before }), id: 'another' }, () => Promise.resolve());
      }
      return writer.write(batch, work);
    });
    const one = await started(disturbed, [diary(bad)]);
    await one.settled();
    await tell(store, 'a', '1', '!2', '3');
    await tell(store, 'b', '1');
    await one.settled();
    expect([disturbs, await written(one, 'a'), await written(one, 'b')]).toEqual([false, '1', '1']);
    expect(await letterOf(one, 'a')).toMatchObject({ waiting: 2, error: { event: 'customer-a:2' } });
  });

  it('parks its stream in its own partition, live and in a parallel rebuild', async () => {
    let seconds = Math.floor(Date.now() / 1_000);
    const store = await memory(new InMemoryDatabase(() => seconds * 1_000), { horizonSeconds: 1 });
    let fails = true;
    const sliced = diary((told) => fails && bad(told), { slicing: 'stream' });
    const one = await started(store, [sliced], { settings: { ...fast, partitions: 4 } });
    await one.settled();
    const ids = Array.from({ length: 12 }, (_, n) => `s${n}`);
    for (const [n, id] of ids.entries()) await tell(store, id, '1', n % 3 === 0 ? '!' : '2', '3');
    await one.settled();
    const parkedIn = async (generation: string): Promise<number[]> => {
      const { deadLetters } = await one.deadLetters();
      expect(deadLetters.map((letter) => letter.generation)).toEqual(Array.from({ length: 4 }, () => generation));
      return deadLetters.map(({ waiting }) => waiting);
    };
    expect(await parkedIn('diary.1.1')).toEqual([2, 2, 2, 2]);
    // So that all of it is history, which is loaded in parallel.
    seconds += 10;
    const { id } = await one.rebuild('diary', 'ada');
    await vi.waitFor(async () => expect((await one.rebuildStatus(id))?.state).toBe('done'), { timeout: 10_000 });
    expect(await parkedIn(id)).toEqual([2, 2, 2, 2]);
    fails = false;
    const { deadLetters } = await one.deadLetters();
    for (const letter of deadLetters) await one.retryDeadLetter(letter.id, 'ada');
    await vi.waitFor(async () => expect((await one.deadLetters()).deadLetters).toEqual([]), { timeout: 5_000 });
    for (const [n, each] of ids.entries()) expect(await written(one, each)).toBe(n % 3 === 0 ? '1!3' : '123');
  });

  it('stops the projection where it is to halt, in its first build too [X-6]', async () => {
    const store = await memory();
    await tell(store, 'a', '1', '!2', '3');
    await tell(store, 'b', '1');
    const one = await started(store, [diary(bad, { onPoison: 'halt' })]);
    await vi.waitFor(
      async () =>
        expect(await one.status('diary')).toMatchObject({ state: 'stopped', error: { event: 'customer-a:2' } }),
      10_000,
    );
    expect((await one.deadLetters()).deadLetters).toEqual([]);
  });

  it('stops the projection when many streams have failed within a minute: that is a bug [X-7]', async () => {
    const store = await memory();
    const one = await started(store, [diary(bad)], { settings: { ...fast, quarantineStreams: 3 } });
    for (const id of ['a', 'b', 'c']) await tell(store, id, '!1');
    await one.settled();
    await tell(store, 'd', '1', '!2');
    await vi.waitFor(
      async () =>
        expect(await one.status('diary')).toMatchObject({
          state: 'stopped',
          error: { code: 'quarantine.full', event: 'customer-d:2' },
        }),
      10_000,
    );
    expect(await written(one, 'd')).toBe('1');
    expect((await one.deadLetters()).deadLetters).toHaveLength(3);
  });

  it('is not passed over when it cannot be parked, and parked as soon as it can [X-2, X-11]', async () => {
    // With the place saved before the parked stream, instead of with it, this event was lost without a trace.
    const store = await memory();
    let refused = 0;
    let isFull = true;
    const full = writingThrough(store, (writer, batch, work) => {
      if (batch.parked?.park === undefined || !isFull) return writer.write(batch, work);
      refused += 1;
      return Promise.reject(new Error('no space left'));
    });
    const attempts = 2;
    const one = await started(full, [diary(bad)], { settings: { ...fast, attempts } });
    await one.settled();
    await tell(store, 'a', '1', '!2');
    await tell(store, 'b', '1');
    await vi.waitFor(() => expect(refused).toBeGreaterThan(5 * attempts), 10_000);
    expect(await one.status('diary')).toMatchObject({ state: 'live', error: { message: 'no space left' } });
    expect([await written(one, 'a'), await written(one, 'b')]).toEqual(['1', undefined]);
    // Stopped for good, as it was after so many attempts, it stood still until somebody began the process again.
    isFull = false;
    await one.settled();
    expect([await written(one, 'b'), (await letterOf(one, 'a'))?.error.event]).toEqual(['1', 'customer-a:2']);
    expect((await one.status('diary')).error).toBeUndefined();
  });

  it('in a rebuild is parked in the new generation; a swap closes what was parked in the former one [X-8]', async () => {
    const store = await memory();
    let fails: (told: string) => boolean = (told) => told === '!old';
    const one = await started(store, [diary((told) => fails(told))]);
    await tell(store, 'a', '!old', 'x');
    await tell(store, 'b', 'x', '!new', 'y');
    await one.settled();
    expect(await letterOf(one, 'b')).toBeUndefined();
    const former = await isParked(one, 'a');
    fails = (told) => told === '!new';
    const { id } = await one.rebuild('diary', 'ada');
    await vi.waitFor(async () => expect((await one.rebuildStatus(id))?.state).toBe('done'), 10_000);
    expect((await one.deadLetters()).deadLetters).toEqual([
      expect.objectContaining({ stream: 'customer-b', generation: id, id: idIn(id, 'b') }),
    ]);
    expect(await one.deadLetter(former.id)).toBeUndefined();
    await expect(one.retryDeadLetter(former.id, 'ada')).rejects.toMatchObject({ code: 'not-found' });
    expect([await written(one, 'a'), await written(one, 'b')]).toEqual(['!oldx', 'x']);
    // And they are gone with the former generation.
    await vi.waitFor(async () => expect(await store.parked.find('diary.1.1')).toEqual([]), { timeout: 5_000 });
  });

  it('comes again after lost history without doing anything twice', async () => {
    let seconds = Math.floor(Date.now() / 1_000);
    const database = new InMemoryDatabase(() => seconds * 1_000);
    const store = await memory(database, { horizonSeconds: 1 });
    const one = await started(store, [diary(bad)]);
    await one.settled();
    await tell(store, 'a', '1', '!2', '3');
    await tell(store, 'b', '1');
    await one.settled();
    await one.stop();
    seconds += 10;
    await tell(store, 'a', '4');
    await tell(store, 'b', '2');
    seconds += 10;
    database.loseHistory();
    const two = await started(store, [diary(bad)]);
    await two.settled();
    expect([await written(two, 'a'), await written(two, 'b')]).toEqual(['1', '12']);
    expect(await letterOf(two, 'a')).toMatchObject({ waiting: 3 });
  });
});

type Changed = Readonly<Record<string, unknown>>;

/** Refuses documents as a store does, without saying for which event; counts how often each batch hands some over. */
function refusing(
  refuses: (document: Changed) => boolean,
  calls: number[],
): (writer: BatchWriter, ...args: Parameters<BatchWriter['write']>) => ReturnType<BatchWriter['write']> {
  return (writer, batch, work) =>
    writer.write(batch, (models) => {
      const at = calls.push(0) - 1;
      return work({
        find: (...args) => models.find(...args),
        patchWhere: (...args) => models.patchWhere(...args),
        apply: (collection, changes) => {
          calls[at] = (calls[at] ?? 0) + 1;
          return changes.some((change) => 'document' in change && refuses(change.document))
            ? Promise.reject(new Error('a rule of the database'))
            : models.apply(collection, changes);
        },
      });
    });
}
