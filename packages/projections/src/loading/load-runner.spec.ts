import {
  ChangeRefused,
  InMemoryDatabase,
  StoreUnavailable,
  type ChangeFeed,
  type Environment,
  type GenerationRegistry,
  type ReadModelStore,
  type StoreConnection,
} from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { Mortal, type Death } from '../fixtures/mortal.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { accounts, begun, filled, loading, processOf, runnerOf, sequential, stored } from './load.fixture.js';
import { loadKeys } from './load-place.js';
import { LoadRunner, type LoadHooks } from './load-runner.js';

describe('a load', () => {
  it('comes to what one ordered reader would have made [B-2]', async () => {
    const store = await filled();
    const generation = await begun(store);
    await loading(processOf(store), generation);
    const loaded = await store.generations.generation(generation.id);
    expect(loaded?.load?.ranges.length).toBeGreaterThan(4);
    expect(loaded?.load).toMatchObject({ done: true });
    expect(await stored(store, generation)).toEqual(await sequential(store));
  });

  it('is shared by several processes, each range loaded once', async () => {
    const database = new InMemoryDatabase();
    const connect = (): Promise<StoreConnection> => memory(database, { horizonSeconds: 0 });
    const store = await filled(60, await connect());
    const generation = await begun(store);
    const all = [store, await connect(), await connect()];
    await Promise.all(all.map((connection) => loading(processOf(connection), generation)));
    expect(await stored(store, generation)).toEqual(await sequential(store));
    expect((await store.generations.generation(generation.id))?.load?.done).toBe(true);
  });

  it('plans nothing anew when it goes on', async () => {
    const store = await filled();
    const generation = await begun(store);
    const stop = new AbortController();
    const reportLoad: GenerationRegistry['reportLoad'] = async (...args) => {
      stop.abort();
      return store.generations.reportLoad(...args);
    };
    const stopping = { ...store, generations: altered(store.generations, { reportLoad }) };
    await loading(processOf(stopping), generation, stop.signal);
    const plan = (await store.generations.generation(generation.id))!.load!;
    expect(plan.done).toBe(false);
    await loading(processOf(store, { loadRangeCommits: 1_000_000 }), generation);
    const after = (await store.generations.generation(generation.id))!.load!;
    expect({ ...after, ranges: after.ranges.map(({ from }) => from) }).toEqual({
      ...plan,
      done: true,
      ranges: plan.ranges.map(({ from }) => from),
    });
    expect(await stored(store, generation)).toEqual(await sequential(store));
  });

  // Ended with the load, it left to each partition all that had come since: sixteen streams read it again, and none came to its end.
  it('goes on looking for late commits when it is done, until it is closed', async () => {
    const store = await filled();
    const generation = await begun(store);
    const open = new Set<object>();
    const subscribe: ChangeFeed['subscribe'] = (start) => {
      const subscription = store.feed.subscribe(start);
      open.add(subscription);
      return altered(subscription, {
        close: async () => {
          open.delete(subscription);
          await subscription.close();
        },
      });
    };
    const runner = runnerOf(processOf({ ...store, feed: altered(store.feed, { subscribe }) }), generation);
    await runner.run(new AbortController().signal);
    const after = await store.feed.now();
    await expect.poll(() => (runner.watched ?? '') >= after).toBe(true);
    expect(open.size).toBe(1);
    await runner.close();
    expect(open.size).toBe(0);
  });

  it('builds indexes when everything is loaded, and leaves no checkpoint', async () => {
    const store = await filled();
    const calls: string[] = [];
    const connection: StoreConnection = {
      ...store,
      readModels: altered(store.readModels, {
        buildIndexes: async (...args) => {
          calls.push('index');
          return store.readModels.buildIndexes(...args);
        },
      }),
      generations: altered(store.generations, {
        reportLoad: async (id, range, state) => {
          if (state.done) calls.push('range');
          return store.generations.reportLoad(id, range, state);
        },
        endLoad: async (id) => {
          calls.push('end');
          return store.generations.endLoad(id);
        },
      }),
    };
    const generation = await begun(store);
    await loading(processOf(connection), generation);
    const { load } = (await store.generations.generation(generation.id))!;
    expect(calls).toEqual([...load!.ranges.map(() => 'range'), 'index', 'end']);
    for (const key of loadKeys({ id: generation.id, load: load! })) {
      expect(await store.checkpoints.find(key)).toBeUndefined();
      expect(await store.leases.find(key)).toBeUndefined();
    }
  });

  // Tried for ever, it was loaded to the end and never live: a build without a load stops there.
  it('stops where what it has loaded cannot be indexed as declared, and only then', async () => {
    const store = await filled(10);
    const generation = await begun(store);
    const refused: Error[] = [new Error('no space left'), new ChangeRefused('account_view', 'several', 'E11000')];
    const buildIndexes: ReadModelStore['buildIndexes'] = () => Promise.reject(refused.shift()!);
    const strict = processOf({ ...store, readModels: altered(store.readModels, { buildIndexes }) });
    await expect(loading(strict, generation)).rejects.toThrow('no space left');
    expect(await store.generations.generation(generation.id)).toMatchObject({ state: 'building' });
    await loading(strict, generation);
    const { state, failure, load } = (await store.generations.generation(generation.id))!;
    expect([state, failure?.code, load?.done]).toEqual(['failed', 'read-model.change-refused', false]);
  });

  // Each try left another one open.
  it('looks for late commits no longer than it runs, also where it fails to begin', async () => {
    const store = await filled(10);
    const { id } = await begun(store);
    await store.generations.throttleBuild(id, 1_000);
    const subscribe = vi.fn<ChangeFeed['subscribe']>((start) => store.feed.subscribe(start));
    const context = processOf({ ...store, feed: altered(store.feed, { subscribe }) });
    const feedersOf = (): Promise<number> => Promise.reject(new StoreUnavailable('No answer.'));
    const runner = runnerOf(
      { ...context, nodes: altered(context.nodes, { feedersOf }) },
      (await store.generations.generation(id))!,
    );
    await expect(runner.run(new AbortController().signal)).rejects.toThrow('No answer.');
    expect(subscribe).not.toHaveBeenCalled();
  });

  describe('that cannot look for late commits at its end', () => {
    /** All of it is loaded, but for what only the feed tells. */
    async function unlooked(hooks: Partial<LoadHooks> = {}, environment: Partial<Environment> = {}) {
      const store = await filled(10);
      const { id } = await begun(store);
      const next = () => Promise.reject(new Error('not authorized'));
      const subscribe: ChangeFeed['subscribe'] = (start) => altered(store.feed.subscribe(start), { next });
      const context = processOf({ ...store, feed: altered(store.feed, { subscribe }) }, { leaseMs: 600_000 });
      const generation = async () => (await store.generations.generation(id))!;
      const runner = new LoadRunner(
        { ...context, environment: altered(context.environment, environment) },
        accounts,
        await generation(),
        { onBatch: () => undefined, onRetry: () => undefined, ...hooks },
      );
      const stop = new AbortController();
      const running = runner.run(stop.signal);
      const isLoaded = async () => (await generation()).load?.ranges.every(({ done }) => done);
      await expect.poll(isLoaded, { timeout: 10_000 }).toBe(true);
      return { stop, running };
    }

    // It stood at its end for ever, and nobody was told why.
    it('says what it fails with', async () => {
      const onRetry = vi.fn();
      const { stop, running } = await unlooked({ onRetry }, { now: () => 20 * Date.now() });
      await expect.poll(() => onRetry.mock.lastCall, { timeout: 10_000 }).toEqual([new Error('not authorized')]);
      stop.abort();
      await running;
    });

    // For up to 10 s no process ended.
    it('stops at once when it is to', async () => {
      const { stop, running } = await unlooked();
      const at = Date.now();
      stop.abort();
      await running;
      expect(Date.now() - at).toBeLessThan(2_500);
    });
  });

  it('loads an empty store', async () => {
    const store = await memory(undefined, { horizonSeconds: 0 });
    const generation = await begun(store);
    await loading(processOf(store), generation);
    expect((await store.generations.generation(generation.id))?.load).toMatchObject({
      done: true,
      ranges: [{ done: true }],
    });
  });

  it('tells how far it is', async () => {
    const store = await filled();
    const generation = await begun(store);
    await loading(processOf(store), generation);
    const { progress, load } = (await store.generations.generation(generation.id))!;
    const sum = load!.ranges.reduce((all, { processed }) => all + processed, 0);
    expect(progress.processed).toBe(sum);
    expect(progress.total).toBeGreaterThanOrEqual(sum);
    expect(sum).toBeGreaterThan(100);
  });
});

/** A process that dies while it loads, and another one that loads the rest. Answers the calls of the first, and whether it died. */
async function loadAndDie(
  death: Death | undefined,
): Promise<{ readonly calls: readonly string[]; readonly died: boolean }> {
  const database = new InMemoryDatabase();
  const store = await filled(25, await memory(database, { horizonSeconds: 0 }));
  const generation = await begun(store);
  const mortal = new Mortal(await memory(database, { horizonSeconds: 0 }), death);
  mortal.arm();
  const stop = new AbortController();
  let ended = false;
  const first = loading(processOf(mortal.connection), generation, stop.signal).finally(() => (ended = true));
  // How many calls a load makes varies with its pace: one may end before the call that would have been its last.
  await vi.waitUntil(() => ended || mortal.isDead, { timeout: 30_000, interval: 5 });
  if (ended) await first;
  await loading(processOf(store), generation);
  expect(await stored(store, generation), JSON.stringify(death)).toEqual(await sequential(store));
  stop.abort();
  return { calls: mortal.calls, died: mortal.isDead };
}

// Taken away once to see this fail: going on behind the last commit (documents were there already).
describe('a process that is killed while it loads', () => {
  it('leaves nothing lost or doubled, whichever step was its last [B-3]', { timeout: 60_000 }, async () => {
    const { calls } = await loadAndDie(undefined);
    expect(calls).toEqual(
      expect.arrayContaining([
        'generations.planLoad',
        'leases.acquire',
        'checkpoints.claim',
        'writer.write',
        'generations.endLoad',
      ]),
    );
    const deaths = calls.flatMap((_name, index) => [
      { call: index + 1, when: 'before' } as const,
      { call: index + 1, when: 'after' } as const,
    ]);
    const runs: Awaited<ReturnType<typeof loadAndDie>>[] = [];
    for (let first = 0; first < deaths.length; first += 30)
      runs.push(...(await Promise.all(deaths.slice(first, first + 30).map(loadAndDie))));
    expect(runs.filter(({ died }) => died).length).toBeGreaterThan(0.8 * deaths.length);
  });
});
