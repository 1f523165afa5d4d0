import { InMemoryDatabase, lastVersionOf, type StoreConnection } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { altered, writingThrough } from '../fixtures/altered-store.fixture.js';
import { contextOf, endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { shopEvents } from '../fixtures/shop.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';
import { folded } from '../running/folded-batch.js';
import { HeldPartition } from '../running/held-partition.js';
import { ProjectionFold } from '../fold/projection-fold.js';
import { diary, isFree, isParked, letterOf, tell, written } from './parking.fixture.js';

endEnginesAfterEach();

/** A projection that fails at what is on a list, which a test changes as an operator changes the world. */
async function fragile(store: StoreConnection, ...bad: string[]) {
  const fails = new Set(bad);
  const one = await started(store, [diary((told) => fails.has(told))]);
  await one.settled();
  return { one, fails };
}

describe('a dead letter', () => {
  it('that is retried is applied, and then what waits behind it, in order; what comes later follows [X-4]', async () => {
    const store = await memory();
    const { one, fails } = await fragile(store, '!');
    await tell(store, 'a', '1', '!', '3', '4');
    const { id } = await isParked(one, 'a');
    await one.settled();
    fails.clear();
    expect(await one.retryDeadLetter(id, 'ada')).toMatchObject({ request: { kind: 'retry', by: 'ada' } });
    await isFree(one, 'a');
    expect(await written(one, 'a')).toBe('1!34');
    expect(await one.deadLetter(id)).toBeUndefined();
    const marks = await store.checkpoints.watermarks('diary.1.1/0', ['customer-a']);
    expect(marks.get('customer-a')).toEqual({ stream: 'customer-a', seen: 4, applied: 4 });
    await tell(store, 'a', '5');
    await one.settled();
    expect(await written(one, 'a')).toBe('1!345');
  });

  it('that fails again stays, with one more attempt, and so does all behind it [X-4]', async () => {
    const store = await memory();
    const { one } = await fragile(store, '!');
    await tell(store, 'a', '1', '!', '3');
    const { id } = await isParked(one, 'a');
    for (let attempts = 2; attempts <= 14; attempts += 1) {
      await one.retryDeadLetter(id, `ada ${attempts}`);
      await isParked(one, 'a', attempts);
    }
    const letter = await one.deadLetter(id);
    expect([letter?.request, letter?.waiting, await written(one, 'a')]).toEqual([undefined, 2, '1']);
    expect(letter?.history.map(({ by }) => by)).toEqual([
      undefined,
      ...Array.from({ length: 9 }, (_, n) => `ada ${n + 6}`),
    ]);
  });

  it('that is discarded is left out, that event alone [X-5]', async () => {
    const store = await memory();
    const { one } = await fragile(store, '!', '?');
    await tell(store, 'a', '1', '!', '3', '?', '5');
    await one.settled();
    const { id } = await isParked(one, 'a');
    await one.discardDeadLetter(id, 'ada');
    const second = await isParked(one, 'a', 1, 'customer-a:4');
    expect([await written(one, 'a'), second.error.event, second.waiting]).toEqual(['13', 'customer-a:4', 2]);
    await one.discardDeadLetter(id, 'ada');
    await isFree(one, 'a');
    expect(await written(one, 'a')).toBe('135');
  });

  // Freed by the first batch, all behind it was lost when the process died before the next.
  it('frees its stream in the batch that applies the last of it, and in none before', async () => {
    const store = await memory();
    const freed: (readonly string[] | undefined)[] = [];
    const seen = writingThrough(store, (writer, batch, work) => {
      if (batch.parked !== undefined) freed.push(batch.parked.unpark);
      return writer.write(batch, work);
    });
    const { one, fails } = await fragile(seen, '!', '?');
    await tell(store, 'a', '!', '2', '?', '4');
    await one.settled();
    const { id } = await isParked(one, 'a');
    fails.delete('!');
    freed.length = 0;
    await one.retryDeadLetter(id, 'ada');
    await isParked(one, 'a', 1, 'customer-a:3');
    expect([await written(one, 'a'), freed]).toEqual(['!2', [undefined, undefined, undefined]]);
    fails.clear();
    await one.retryDeadLetter(id, 'ada');
    await isFree(one, 'a');
    expect(freed.slice(3)).toEqual([[id]]);
  });

  it('does not take another event with it that came first meanwhile [X-5]', async () => {
    const store = await memory();
    const { one, fails } = await fragile(store, '!', '?');
    await tell(store, 'a', '!', '?');
    await one.settled();
    const { id } = await isParked(one, 'a');
    // The operator looks at '!', which has got better by the time that the owner comes to it: then nothing else is left out.
    fails.delete('!');
    const stale = { id: 'r', kind: 'discard', by: 'ada', at: new Date(), event: 'customer-a:1' } as const;
    await one.retryDeadLetter(id, 'bob');
    await isParked(one, 'a', 1, 'customer-a:2');
    await store.parked.request(id, stale);
    await isParked(one, 'a', 2, 'customer-a:2');
    expect(await written(one, 'a')).toBe('!');
  });

  it('waits for a newer build where one stands behind it', async () => {
    const store = await memory();
    const { one, fails } = await fragile(store, '!');
    await tell(store, 'a', '!');
    const { id } = await isParked(one, 'a');
    const { events } = store;
    await events.append([
      {
        stream: 'customer-a',
        expected: 'any',
        events: [{ type: 'customer.renamed', schema: 9, data: {} }],
        commitId: 'c',
        metadata: { correlationId: '', causationId: '' },
      },
    ]);
    await tell(store, 'b', '1');
    await one.settled();
    fails.clear();
    await one.retryDeadLetter(id, 'ada');
    const letter = await isParked(one, 'a', 1, 'customer-a:2');
    expect([await written(one, 'a'), letter.error.code, letter.waiting]).toEqual(['!', 'event.from-newer-build', 1]);
    expect(await one.status('diary')).toMatchObject({ state: 'live' });
  });

  it('is retried by whoever owns the partition, wherever it was asked [A-3]', async () => {
    const database = new InMemoryDatabase();
    const { one, fails } = await fragile(await memory(database), '!');
    await tell(await memory(database), 'a', '!', '2');
    const { id } = await isParked(one, 'a');
    await one.settled();
    const node = { id: 'admin', host: '', pid: 1, build: '', roles: ['queries'], commands: [] };
    const admin = await started(await memory(database), [diary(() => true)], { node });
    fails.clear();
    await admin.retryDeadLetter(id, 'ada');
    await isFree(admin, 'a');
    expect(await written(one, 'a')).toBe('!2');
  });

  it('goes on where it was when the store was away for a while, or another batch stood there', async () => {
    const store = await memory();
    let n = 0;
    const flaky = writingThrough(store, async (writer, batch, work) => {
      n += 1;
      const outcome = await writer.write(batch, work);
      if (n % 3 === 0 && batch.parked !== undefined) throw new Error('The answer was lost.');
      return outcome;
    });
    const { one, fails } = await fragile(flaky, '!');
    await tell(store, 'a', '1', '!', '3', '4');
    await one.settled();
    const { id } = await isParked(one, 'a');
    fails.clear();
    for (let attempts = 0; (await one.deadLetter(id)) !== undefined && attempts < 20; attempts += 1) {
      await one.retryDeadLetter(id, 'ada').catch(() => undefined);
      await vi.waitFor(async () => expect((await one.deadLetter(id))?.request).toBeUndefined(), { timeout: 5_000 });
    }
    expect(await written(one, 'a')).toBe('1!34');
  });

  // Each of many events comes while the redrive is under way: without a fresh start of following behind it, what had been folded as parked was lost.
  it('loses and doubles nothing of what comes meanwhile [X-4]', async () => {
    const store = await memory();
    const { one, fails } = await fragile(store, '!');
    await tell(store, 'a', '!');
    const { id } = await isParked(one, 'a');
    fails.clear();
    const more = Array.from({ length: 60 }, (_, index) => String.fromCharCode(65 + (index % 26)));
    const telling = tell(store, 'a', ...more);
    await one.retryDeadLetter(id, 'ada');
    await telling;
    await isFree(one, 'a');
    await one.settled();
    expect(await written(one, 'a')).toBe(`!${more.join('')}`);
  });
});

/*
 * The failing variant, for comparison: a redrive that does not go through the owner. It reads what waits (8), the owner holds back what comes then
 * (9), and the redrive frees the stream: 9 was never applied. Freed before 8 is written, 10 overtakes it.
 */
describe('a redrive from outside of the owner', () => {
  it('loses what the owner holds back meanwhile', async () => {
    const store = await memory();
    const { one, fails } = await fragile(store, '8');
    await tell(store, 'a', '7', '8');
    await one.settled();
    const { id } = await isParked(one, 'a');
    fails.clear();
    const generation = (await store.generations.generation('diary.1.1'))!;
    const definition = projectionDefinitionOf(diary(() => false));
    const fold = new ProjectionFold(definition, shopEvents, generation.collections);
    const { commits } = await store.events.read('customer-a', { fromVersion: 2 });
    await tell(store, 'a', '9');
    await one.settled();
    const outside = (await HeldPartition.take(contextOf(store, fast), 'outside', 'outside'))!;
    const position = (await store.checkpoints.find('diary.1.1/0'))!.position!;
    const batch = folded(
      fold,
      commits.map((commit) => ({ commit })),
    );
    await outside.write('b', { position, parked: { unpark: [id] } }, (models) => batch.apply(models));
    await outside.release();
    expect(commits.map(lastVersionOf)).toEqual([2]);
    await one.stop();
    const again = await started(store, [diary(() => false)]);
    await tell(store, 'a', '10');
    await again.settled();
    expect(await written(again, 'a')).toBe('7810');
  });

  it('is what the engine does not do: its owner alone frees a stream, with all that waits', async () => {
    const store = await memory();
    let reading: (() => void) | undefined;
    const read: StoreConnection['events']['read'] = async (...args) => {
      const slice = await store.events.read(...args);
      if (args[0] === 'customer-a' && reading === undefined) await new Promise<void>((resolve) => (reading = resolve));
      return slice;
    };
    const { one, fails } = await fragile({ ...store, events: altered(store.events, { read }) }, '8');
    await tell(store, 'a', '7', '8');
    await one.settled();
    const { id } = await isParked(one, 'a');
    fails.clear();
    await one.retryDeadLetter(id, 'ada');
    await vi.waitFor(() => expect(reading).toBeDefined(), 10_000);
    await tell(store, 'a', '9');
    reading?.();
    await isFree(one, 'a');
    await tell(store, 'a', '10');
    await one.settled();
    expect(await written(one, 'a')).toBe('78910');
    expect(await letterOf(one, 'a')).toBeUndefined();
  });
});
