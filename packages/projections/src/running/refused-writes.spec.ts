import { EventFromNewerBuild, type StoreConnection } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { altered, writingThrough } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, ordersOf, place, started } from '../fixtures/engines.fixture.js';
import { DailyTotalProjection } from '../fixtures/shop.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';
import { tell } from '../loading/accounts.fixture.js';
import { accounts, begun, filled, loading, processOf, sequential, stored } from '../loading/load.fixture.js';
import { GenerationRunner } from './generation-runner.js';

endEnginesAfterEach();

const attempts = 2;

/** A store that takes no batch while it is full, whatever is in it. */
function filling(store: StoreConnection) {
  const disk = { isFull: false, refused: 0 };
  const full = writingThrough(store, (writer, batch, work) => {
    if (!disk.isFull) return writer.write(batch, work);
    disk.refused += 1;
    return Promise.reject(new Error('no space left'));
  });
  const wasRefusedOften = async (): Promise<void> => {
    const before = disk.refused;
    await expect.poll(() => disk.refused - before, { timeout: 10_000 }).toBeGreaterThan(10 * attempts);
  };
  return { disk, full, wasRefusedOften };
}

/** A live projection that an order waits for, on a store that has refused it often. */
async function liveAndRefused() {
  const store = await memory();
  const { disk, full, wasRefusedOften } = filling(store);
  const one = await started(full, [DailyTotalProjection], { settings: { ...fast, attempts } });
  await one.settled();
  disk.isFull = true;
  await place(store, '1');
  await wasRefusedOften();
  return { disk, one };
}

const fresh = async ({ generations }: StoreConnection) =>
  (await generations.generations(accounts.name, accounts.version))[0]!;

// Stopped for good after a few attempts, all projections stood still until the processes were begun again, by hand.
describe('what a store refuses for reasons of its own [X-11]', () => {
  it('is tried again by a live projection until it is taken', async () => {
    const { disk, one } = await liveAndRefused();
    expect(await one.status('daily-total')).toMatchObject({ state: 'live', error: { message: 'no space left' } });
    disk.isFull = false;
    await one.settled();
    expect(await ordersOf(one)).toBe(1);
    expect((await one.status('daily-total')).error).toBeUndefined();
    expect((await one.deadLetters()).deadLetters).toEqual([]);
  });

  it('is tried again by a build, which says what it waits for', async () => {
    const store = await memory();
    const { disk, full, wasRefusedOften } = filling(store);
    for (const id of ['1', '2', '3']) await place(store, id);
    disk.isFull = true;
    const one = await started(full, [DailyTotalProjection], { settings: { ...fast, attempts } });
    await wasRefusedOften();
    const [build] = await one.rebuilds();
    expect(build).toMatchObject({ state: 'running', error: { message: 'no space left' } });
    disk.isFull = false;
    await one.settled();
    expect(await ordersOf(one)).toBe(3);
    expect((await one.rebuilds())[0]).toMatchObject({ state: 'done' });
    expect((await one.rebuilds())[0]?.error).toBeUndefined();
  });

  it('is tried again by a load, by which the parts of a long history are built at once', async () => {
    const store = await filled(60);
    const { disk, full, wasRefusedOften } = filling(store);
    disk.isFull = true;
    const generation = await begun(store);
    const one = new GenerationRunner(processOf(full, { ...fast, attempts }), accounts, generation);
    one.start();
    await wasRefusedOften();
    expect(one.view.retrying?.error).toBe('no space left');
    disk.isFull = false;
    const load = async () => (await store.generations.generation(generation.id))?.load;
    await expect.poll(async () => (await load())?.done, { timeout: 10_000 }).toBe(true);
    await expect.poll(() => one.view.held.length, { timeout: 10_000 }).toBe(2);
    expect(one.view.retrying).toBeUndefined();
    await one.stop();
    expect(await stored(store, generation)).toEqual(await sequential(store));
  });

  // Counted from its last attempt only, it never seemed to stand still for the 30 s after which a process is not ready.
  it.each(['live', 'building'])('is trouble of what is %s since it was refused first', async (state) => {
    const store = await memory(undefined, { horizonSeconds: 0 });
    const { disk, full, wasRefusedOften } = filling(store);
    const generation = await begun(store);
    if (state === 'live') await loading(processOf(store), generation);
    const one = new GenerationRunner(processOf(full, { ...fast, attempts }), accounts, await fresh(store));
    disk.isFull = true;
    await tell(store, [{ accountId: 'late', moves: 3 }]);
    one.start();
    await wasRefusedOften();
    const since = one.view.retrying?.since;
    await wasRefusedOften();
    expect([typeof since, one.view.retrying?.since]).toEqual(['number', since]);
    await one.stop();
  });

  it('is no trouble of a process any more once another one has loaded the rest [S-5]', async () => {
    const store = await filled(10);
    const { disk, full, wasRefusedOften } = filling(store);
    const generation = await begun(store);
    disk.isFull = true;
    const one = new GenerationRunner(processOf(full, { ...fast, attempts }), accounts, generation);
    one.start();
    await wasRefusedOften();
    await loading(processOf(store), generation);
    disk.isFull = false;
    await expect.poll(() => one.view.held.length, { timeout: 10_000 }).toBe(2);
    await expect.poll(() => one.view.retrying, { timeout: 10_000 }).toBeUndefined();
    await one.stop();
  });

  it('is no trouble of a process any more once another one feeds the projection [S-5]', async () => {
    const store = await filled(10);
    await loading(processOf(store), await begun(store));
    const { disk, full, wasRefusedOften } = filling(store);
    disk.isFull = true;
    const one = new GenerationRunner(processOf(full, { ...fast, attempts }), accounts, await fresh(store));
    const two = new GenerationRunner(processOf(store, fast), accounts, await fresh(store));
    one.start();
    await wasRefusedOften();
    await expect.poll(() => one.view.trouble?.error).toBe('no space left');
    two.start();
    await expect.poll(() => two.view.held.length, { timeout: 10_000 }).toBe(2);
    await expect.poll(() => one.view.trouble, { timeout: 10_000 }).toBeUndefined();
    await Promise.all([one.stop(), two.stop()]);
  });

  // It stood in the status, and made the process unready, for as long as the pause lasted.
  it('is no trouble of a projection that an operator has paused [S-5]', async () => {
    const { one } = await liveAndRefused();
    await one.pause('daily-total', 'ada');
    await expect.poll(async () => (await one.status('daily-total')).error, { timeout: 10_000 }).toBeUndefined();
    await one.resume('daily-total', 'ada');
    const errorOf = async () => (await one.status('daily-total')).error?.message;
    await expect.poll(errorOf, { timeout: 10_000 }).toBe('no space left');
  });

  // For as long as the newer build did not come, the process was not ready: 'does not move: no space left'.
  it('is no trouble any more where a newer build is waited for [S-5]', async () => {
    const store = await filled(10);
    await loading(processOf(store), await begun(store));
    let error: Error = new Error('no space left');
    // Whatever comes first when a partition is followed.
    const find = () => Promise.reject(error);
    const failing = { ...store, parked: altered(store.parked, { find }) };
    const one = new GenerationRunner(processOf(failing, { ...fast, attempts }), accounts, await fresh(store));
    one.start();
    await expect.poll(() => one.view.retrying?.error, { timeout: 10_000 }).toBe('no space left');
    error = new EventFromNewerBuild('account-late', 'account.moved', 2);
    await expect.poll(() => one.view.state, { timeout: 10_000 }).toBe('newer-build');
    await expect.poll(() => one.view.retrying, { timeout: 10_000 }).toBeUndefined();
    await one.stop();
  });

  // Nobody fed it, nothing was said of that, and the process was ready.
  it('is trouble also where it is the lease of a partition that is refused [S-5]', async () => {
    const store = await filled(10);
    await loading(processOf(store), await begun(store));
    let isFull = true;
    const acquire: StoreConnection['leases']['acquire'] = (...args) =>
      isFull ? Promise.reject(new Error('no space left')) : store.leases.acquire(...args);
    const full = { ...store, leases: altered(store.leases, { acquire }) };
    const one = new GenerationRunner(processOf(full, { ...fast, attempts }), accounts, await fresh(store));
    one.start();
    await expect.poll(() => one.view.trouble?.error, { timeout: 10_000 }).toBe('no space left');
    expect(one.view.retrying).toEqual(one.view.trouble);
    isFull = false;
    await expect.poll(() => one.view.held.length, { timeout: 10_000 }).toBe(2);
    await expect.poll(() => one.view.retrying, { timeout: 10_000 }).toBeUndefined();
    await one.stop();
  });
});
