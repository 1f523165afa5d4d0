import { systemEnvironment, type ReadModelWriter, type StoreConnection } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { writes } from '../definition/writes.js';
import { writingThrough } from '../fixtures/altered-store.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { AccountLog, AccountMoved, AccountOpened, AccountView, tell } from './accounts.fixture.js';
import { begun, filled, hasty, loading, processOf, runnerOf, sequential, stored } from './load.fixture.js';
import { LoadControl } from './load-control.js';
import { loadKeys, rangeKey } from './load-place.js';

const never = new AbortController().signal;
const view = writes(AccountView);

/** The accounts again; the second move of account a3 is its poison. */
function poisoned(onPoison: 'park' | 'halt') {
  @Projection('accounts', { version: 1, readModels: [AccountView, AccountLog], slicing: 'stream', onPoison })
  class Poisoned {
    @On(AccountOpened) opened({ accountId }: AccountOpened) {
      return view.insert(accountId, { total: 0, moves: 0, digest: 0 });
    }
    @On(AccountMoved) moved({ accountId, by }: AccountMoved) {
      if (accountId === 'a3' && by === 2) throw new Error('poison');
      return view.increment(accountId, { total: by, moves: 1 });
    }
  }
  return projectionDefinitionOf(Poisoned);
}

/** A store that counts what batches read. */
function counting(store: StoreConnection): { store: StoreConnection; reads: () => number; batches: () => number } {
  let reads = 0;
  let batches = 0;
  const counted = writingThrough(store, (writer, batch, work) => {
    batches += 1;
    return writer.write(batch, (models) =>
      work({
        find: (...args) => {
          reads += 1;
          return models.find(...args);
        },
        apply: (...args) => models.apply(...args),
        patchWhere: (...args) => models.patchWhere(...args),
      } satisfies ReadModelWriter),
    );
  });
  return { store: counted, reads: () => reads, batches: () => batches };
}

describe('a load', () => {
  it('reads no document: of one-stream documents it knows what it has made, also of a stream that fills several batches', async () => {
    const { store, reads, batches } = counting(await filled(40));
    await tell(store, [{ accountId: 'long', moves: 800 }]);
    const generation = await begun(store);
    await loading(processOf(store), generation);
    expect(batches()).toBeGreaterThan(10);
    expect(reads()).toBe(0);
    expect((await stored(store, generation))['account_view']!.get('long')).toMatchObject({ moves: 800 });
  });

  it('reads what it does not know, where it goes on within a stream', async () => {
    const store = await memory(undefined, { horizonSeconds: 0 });
    await tell(store, [{ accountId: 'long', moves: 800 }]);
    const generation = await begun(store);
    const stop = new AbortController();
    const stopping = writingThrough(store, (writer, batch, work) => {
      stop.abort();
      return writer.write(batch, work);
    });
    await loading(processOf(stopping), generation, stop.signal);
    const half = (await stored(store, generation))['account_view']!.get('long');
    expect(half!['moves']).toBeLessThan(800);
    const counted = counting(store);
    await loading(processOf(counted.store), generation);
    expect(counted.reads()).toBeGreaterThan(0);
    expect(await stored(store, generation)).toEqual(await sequential(store));
  });

  // With a memory that is taken for empty, the rest of the stream counts from nothing.
  it('goes on from the document that it finds, where its first write could make one', async () => {
    @Projection('accounts', { version: 1, readModels: [AccountView, AccountLog], slicing: 'stream' })
    class Counted {
      @On(AccountMoved) moved({ accountId, by }: AccountMoved) {
        return view.reduce(accountId, (present) => ({
          total: (present?.total ?? 0) + by,
          moves: (present?.moves ?? 0) + 1,
          digest: 0,
        }));
      }
    }
    const store = await memory(undefined, { horizonSeconds: 0 });
    await tell(store, [{ accountId: 'long', moves: 800 }]);
    const generation = await begun(store);
    const stop = new AbortController();
    const stopping = writingThrough(store, (writer, batch, work) => {
      stop.abort();
      return writer.write(batch, work);
    });
    const definition = projectionDefinitionOf(Counted);
    await runnerOf(processOf(stopping), generation, definition).run(stop.signal);
    await runnerOf(processOf(store), generation, definition).run(never);
    expect(await store.parked.find(generation.id)).toEqual([]);
    expect((await stored(store, generation))['account_view']!.get('long')).toMatchObject({ moves: 800 });
  });

  it('parks the stream of an event that cannot be applied, for the partition that it will belong to, and loads all others [X-8]', async () => {
    const store = await filled(40);
    const generation = await begun(store);
    await runnerOf(processOf(store), generation, poisoned('park')).run(never);
    expect((await store.generations.generation(generation.id))?.load?.done).toBe(true);
    const [parked, ...others] = await store.parked.find(generation.id);
    expect(others).toEqual([]);
    expect(parked).toMatchObject({ stream: 'account-a3', error: { message: expect.stringContaining('poison') } });
    expect(parked!.key).toMatch(new RegExp(`^${generation.id.replaceAll('.', '\\.')}/[01]$`));
    const views = (await stored(store, generation))['account_view']!;
    expect(views.size).toBe(40);
    expect(views.get('a3')).toMatchObject({ moves: 1 });
    expect(views.get('a6')).toMatchObject({ moves: 6 });
  });

  it('stops at an event that cannot be applied where that is to halt, and names it [X-6]', async () => {
    const store = await filled(40);
    const generation = await begun(store);
    await runnerOf(processOf(store), generation, poisoned('halt')).run(never);
    const failed = (await store.generations.generation(generation.id))!;
    expect(failed).toMatchObject({ state: 'failed', failure: { event: expect.stringMatching(/^account-a3:\d+$/) } });
    expect(failed.load?.done).toBe(false);
    for (const range of failed.load!.ranges.keys())
      expect(await store.leases.find(rangeKey(failed, range))).toBeUndefined();
  });

  it('ends between two batches when its generation is to be cancelled, and frees its leases', async () => {
    const store = await filled(60);
    const generation = await begun(store);
    let batches = 0;
    const cancelling = writingThrough(store, async (writer, batch, work) => {
      batches += 1;
      if (batches === 3) {
        await store.generations.requestCancel(generation.id);
        runner.update((await store.generations.generation(generation.id))!);
      }
      return writer.write(batch, work);
    });
    const runner = runnerOf(processOf(cancelling), generation);
    await runner.run(never);
    expect(batches).toBe(3);
    const { load, state } = (await store.generations.generation(generation.id))!;
    expect({ state, done: load?.done }).toEqual({ state: 'building', done: false });
    for (const range of load!.ranges.keys())
      expect(await store.leases.find(rangeKey(generation, range))).toBeUndefined();
  });

  it('stands still while it is paused, keeping its lease, and goes on afterwards', async () => {
    const store = await filled(60);
    const generation = await begun(store);
    const pause = async (isPaused: boolean): Promise<void> => {
      await store.generations.pauseBuild(generation.id, isPaused);
      runner.update((await store.generations.generation(generation.id))!);
    };
    let batches = 0;
    const pausing = writingThrough(store, async (writer, batch, work) => {
      batches += 1;
      if (batches === 3) await pause(true);
      return writer.write(batch, work);
    });
    const runner = runnerOf(processOf(pausing), generation);
    const run = runner.run(never);
    await expect.poll(() => batches).toBe(3);
    // It holds its lease for longer than a lease lasts.
    const until = async () => {
      const loading = (await store.generations.generation(generation.id))!;
      const leases = await store.leases.findAll(loadKeys(loading));
      return Math.max(0, ...leases.map((lease) => lease.until.getTime()));
    };
    const first = await until();
    await expect.poll(until, { timeout: 10_000 }).toBeGreaterThan(first + hasty.leaseMs);
    expect(batches).toBe(3);
    await pause(false);
    await run;
    expect((await store.generations.generation(generation.id))?.load?.done).toBe(true);
    expect(await stored(store, generation)).toEqual(await sequential(store));
  });
});

describe('LoadControl', () => {
  it('lets so many events a second pass, whatever the batches', async () => {
    let now = 0;
    const environment = {
      ...systemEnvironment,
      now: () => now,
      sleep: (milliseconds: number) => {
        now += milliseconds;
        return Promise.resolve();
      },
    };
    const control = new LoadControl(environment);
    control.set({ paused: false, throttle: 1_000 });
    for (const events of [500, 100, 400, 1_000]) await control.admit(events, never);
    expect(now).toBe(2_000);
    // Time that passed unused is not made up for.
    now += 10_000;
    await control.admit(1_000, never);
    expect(now).toBe(13_000);
  });
});
