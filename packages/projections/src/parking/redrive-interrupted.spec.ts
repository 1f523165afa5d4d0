import { StoreUnavailable } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { writingThrough } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { diary, isFree, isParked, tell, written } from './parking.fixture.js';

endEnginesAfterEach();

/** A stream parked behind '!', with a '?' on its way; the store is away for one batch of the redrive, the first being number 1. */
async function interrupted(at: number) {
  const store = await memory();
  const fails = new Set(['!', '?']);
  let batches = Number.NEGATIVE_INFINITY;
  const flaky = writingThrough(store, (writer, batch, work) => {
    if (batch.parked !== undefined && (batches += 1) === at) throw new StoreUnavailable('The store is away.');
    return writer.write(batch, work);
  });
  const one = await started(flaky, [diary((told) => fails.has(told))]);
  await tell(store, 'a', '!', '2', '?', '4');
  await one.settled();
  const { id } = await isParked(one, 'a');
  batches = 0;
  return { one, fails, id };
}

/*
 * Each was taken away once to see its test fail: the throw of what passes (an outage was noted as one more failure of the event, and the request was
 * gone), the place in the parked stream (what had been applied before the outage was applied again).
 */
describe('a redrive that the store interrupts', () => {
  it('goes on by itself, and nothing is held against the event [X-4]', async () => {
    const { one, fails, id } = await interrupted(1);
    fails.clear();
    await one.retryDeadLetter(id, 'ada');
    await isFree(one, 'a');
    expect(await written(one, 'a')).toBe('!2?4');
  });

  it('goes on behind what it has applied [X-4]', async () => {
    // '?' still fails, so the commits go one by one: '!' is applied, and with '2' the store is away.
    const { one, fails, id } = await interrupted(2);
    fails.delete('!');
    await one.retryDeadLetter(id, 'ada');
    await isParked(one, 'a', 1, 'customer-a:3');
    expect(await written(one, 'a')).toBe('!2');
    fails.clear();
    await one.retryDeadLetter(id, 'ada');
    await isFree(one, 'a');
    expect(await written(one, 'a')).toBe('!2?4');
  });

  // Without the look at the signal, whoever stops the engine waits until all that waits is applied, however much that is.
  it('by stopping ends behind the batch in flight, and the next owner goes on [X-4]', async () => {
    const store = await memory();
    const fails = new Set(['!']);
    let stopping: Promise<void> | undefined;
    let isAsked = false;
    let batches = 0;
    const watched = writingThrough(store, (writer, batch, work) => {
      if (isAsked && batch.parked !== undefined) {
        batches += 1;
        stopping ??= one.stop();
      }
      return writer.write(batch, work);
    });
    const one = await started(watched, [diary((told) => fails.has(told))]);
    const more = Array.from({ length: 2_000 }, () => 'x');
    await tell(store, 'a', '!', ...more);
    const { id } = await isParked(one, 'a');
    await one.settled();
    fails.clear();
    isAsked = true;
    await one.retryDeadLetter(id, 'ada');
    await vi.waitFor(() => expect(stopping).toBeDefined(), { timeout: 5_000 });
    await stopping;
    expect(batches).toBeLessThan(10);
    const two = await started(store, [diary(() => false)]);
    await isFree(two, 'a');
    expect(await written(two, 'a')).toBe(`!${more.join('')}`);
  });
});
