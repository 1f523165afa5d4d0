import type { Generation, GenerationRegistry, Position, StoreConnection } from '@nestfold/core';
import { Stopwatch } from '@nestfold/dev-stack';
import { describe, expect, it, vi } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { contextOf } from '../fixtures/engines.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import type { EngineContext } from '../running/engine-context.js';
import { HeldPartition } from '../running/held-partition.js';
import { partitionKeys } from '../running/keys.js';
import { SwapIn, type SwapEnd } from './swap-in.js';

const at = (token: string): Position => ({ phase: 'live', began: '5', horizon: '1', feed: { token, time: token } });
const BUILT = { processed: 4, total: 4, rate: 2 };

interface Scene {
  readonly store: StoreConnection;
  readonly context: EngineContext;
  readonly live: readonly HeldPartition[];
  readonly next: readonly HeldPartition[];
  readonly generation: Generation;
  attempt(): Promise<SwapEnd>;
}

/** A live generation of two partitions at 6 and 7, fed by their owners, and a new one of three beside it, which stand at 5. */
async function scene(
  swapMs = 2_000,
  through: (generations: GenerationRegistry) => Partial<GenerationRegistry> = () => ({}),
  version = 1,
): Promise<Scene> {
  const plain = await memory();
  const store = { ...plain, generations: altered(plain.generations, through(plain.generations)) };
  const context = contextOf(store, { swapMs });
  const begin = (partitions: number, of = 1): Promise<Generation> =>
    store.generations.begin({
      projection: 'p',
      version: of,
      readModels: ['r'],
      partitions,
      epoch: 'e',
      startedBy: 'test',
    });
  const hold = (generation: Generation, owner: string): Promise<HeldPartition[]> =>
    Promise.all(partitionKeys(generation).map(async (key) => (await HeldPartition.take(context, key, owner))!));
  const first = await begin(2);
  const live = await hold(first, 'live');
  await Promise.all(live.map((one, index) => one.save(at(`${6 + index}`), undefined)));
  await plain.generations.swap({ generation: first, by: 'start', held: [] });
  const generation = await begin(3, version);
  const next = await hold(generation, 'next');
  await Promise.all(next.map((one) => one.save(at('5'), undefined)));
  const attempt = (): Promise<SwapEnd> =>
    new SwapIn(context).attempt({ generation, by: 'ada', reads: [1], built: () => BUILT });
  return { store, context, live, next, generation, attempt };
}

const pending = async ({ store, generation }: Scene): Promise<Position | undefined> =>
  (await store.generations.generation(generation.id))?.swap?.target;
const liveOf = async ({ store }: Scene): Promise<number | undefined> => (await store.generations.entry('p', 1))?.live;
const free = async ({ store, live }: Scene): Promise<boolean> =>
  (await store.leases.findAll(live.map(({ key }) => key))).length === 0;

async function end({ live, next }: Scene): Promise<void> {
  await Promise.all([...live, ...next].map((one) => one.release()));
}

/*
 * Taken away once to see these fail: the request that makes new partitions read on (it never swapped: places as they stand differ between 2 and 3
 * partitions), the force with which live leases are taken, handing them back, the tokens of the live checkpoints in the swap.
 */
describe('SwapIn', () => {
  it('lets new partitions read on to where the live ones stand, holds these, lets them read on again, and moves the pointer [B-4]', async () => {
    const all = await scene();
    const swapping = all.attempt();
    await vi.waitFor(async () => expect(await pending(all)).toEqual(at('7')), 10_000);
    // Nobody is held up yet: the live ones go on.
    await all.live[0]!.save(at('8'), undefined);
    await Promise.all(all.next.map((one) => one.save(at('7'), undefined)));
    await vi.waitFor(async () => expect(await pending(all)).toEqual(at('8')), 10_000);
    // By now they are fenced: nothing that they have in flight can be lost behind the pointer.
    for (const one of all.live)
      await expect(one.save(at('9'), undefined)).rejects.toMatchObject({ code: 'partition.lost' });
    expect(await liveOf(all)).toBe(1);
    await Promise.all(all.next.slice(1).map((one) => one.save(at('8'), undefined)));
    await all.context.environment.sleep(30);
    expect(await liveOf(all)).toBe(1);
    await all.next[0]!.save(at('8'), undefined);
    expect(await swapping).toBe('done');
    expect(await all.store.generations.entry('p', 1)).toMatchObject({ live: 2, previous: 1, swappedBy: 'ada' });
    expect((await all.store.generations.generation(all.generation.id))?.progress).toEqual(BUILT);
    expect([await pending(all), await free(all)]).toEqual([undefined, true]);
    await end(all);
  });

  it('holds nobody up for new partitions that do not get near', async () => {
    const all = await scene(50);
    await all.next[0]!.save(at('9'), undefined);
    expect(await all.attempt()).toBe('not-ready');
    for (const one of all.live) expect(await one.save(at('9'), undefined)).toBe(true);
    expect([await liveOf(all), await pending(all)]).toEqual([1, undefined]);
    await end(all);
  });

  it('hands the live generation back when new partitions do not get there in time [B-4]', async () => {
    const all = await scene(120);
    await Promise.all(all.next.map((one) => one.save(at('7'), undefined)));
    // While the swap waits for the first claim, a batch in flight moves the live generation further.
    const claim = all.store.checkpoints.claim.bind(all.store.checkpoints);
    const behind = altered(all.store.checkpoints, {
      claim: async (key, token) => {
        const claimed = await claim(key, token);
        return claimed && { ...claimed, position: at('8') };
      },
    });
    const context = { ...all.context, connection: { ...all.store, checkpoints: behind } };
    const watch = Stopwatch.start();
    expect(await new SwapIn(context).attempt({ generation: all.generation, by: 'ada' })).toBe('handed-back');
    expect(watch.stop()).toBeLessThan(1_000);
    expect([await liveOf(all), await free(all), await pending(all)]).toEqual([1, true, undefined]);
    await end(all);
  });

  it('does not swap when a live partition was taken over meanwhile: what its owner then applies would be lost', async () => {
    // With the tokens left out (the live checkpoints only read) the pointer moved to 7, and the live one had 9.
    const taken: { owner?: () => Promise<void> } = {};
    const all = await scene(2_000, (generations) => ({
      swap: async (swap) => {
        await taken.owner?.();
        return generations.swap(swap);
      },
    }));
    await Promise.all(all.next.map((one) => one.save(at('7'), undefined)));
    taken.owner = async () => {
      // The swap's lease has run out, and the owner has come back.
      const lease = await all.store.leases.acquire('p.1.1/0', { owner: 'back', ttlMs: 10_000, force: true });
      await all.store.checkpoints.claim('p.1.1/0', lease!.token);
    };
    expect(await all.attempt()).toBe('handed-back');
    expect(await liveOf(all)).toBe(1);
    expect((await all.store.leases.find('p.1.1/0'))?.owner).toBe('back');
    await end(all);
  });

  it('is the only one at a time', async () => {
    const all = await scene();
    const first = all.attempt();
    await vi.waitFor(async () => expect(await pending(all)).toEqual(at('7')), 10_000);
    expect(await all.attempt()).toBe('busy');
    await Promise.all(all.next.map((one) => one.save(at('7'), undefined)));
    expect(await first).toBe('done');
    await end(all);
  });

  // Without the look at its own number it took its own leases by force, and its runners were fenced.
  it('is done when it finds the pointer moved already: the answer of an earlier swap was lost', async () => {
    const all = await scene();
    await all.store.generations.swap({ generation: all.generation, by: 'test', held: [] });
    expect(await all.attempt()).toBe('done');
    for (const one of all.next) expect(await one.save(at('8'), undefined)).toBe(true);
    await end(all);
  });

  it('does not wait for a live generation that was stopped before it followed the feed', async () => {
    const all = await scene();
    const held = { key: all.live[0]!.key, token: all.live[0]!.token };
    await all.live[1]!.save({ phase: 'history', began: '5', horizon: '4', after: '3' }, undefined);
    expect(await all.attempt()).toBe('not-ready');
    await all.store.generations.fail('p.1.1', { code: 'x', message: 'm', at: new Date(0) }, held);
    await Promise.all(all.next.map((one) => one.save(at('7'), undefined)));
    expect(await all.attempt()).toBe('done');
    await end(all);
  });

  // Swapped in where it stood, readers went back by what the build was behind (up to 3 s).
  it('holds what readers see of an older version until the first build of theirs has all that it had [B-4, D-2]', async () => {
    const all = await scene(2_000, undefined, 2);
    const swapping = all.attempt();
    await vi.waitFor(async () => expect(await pending(all)).toEqual(at('7')), 10_000);
    await all.live[0]!.save(at('8'), undefined);
    await Promise.all(all.next.map((one) => one.save(at('7'), undefined)));
    await vi.waitFor(async () => expect(await pending(all)).toEqual(at('8')), 10_000);
    await expect(all.live[1]!.save(at('9'), undefined)).rejects.toMatchObject({ code: 'partition.lost' });
    expect(await all.store.generations.entry('p', 2)).not.toHaveProperty('live');
    await Promise.all(all.next.map((one) => one.save(at('8'), undefined)));
    expect(await swapping).toBe('done');
    expect([await all.store.generations.entry('p', 2), await liveOf(all)]).toMatchObject([{ live: 1 }, 1]);
    expect(await free(all)).toBe(true);
    await end(all);
  });

  it('waits for no older version that stands where nothing can be compared: nobody may feed it', async () => {
    const all = await scene(2_000, undefined, 2);
    await all.live[1]!.save({ phase: 'history', began: '5', horizon: '4', after: '3' }, undefined);
    expect(await all.attempt()).toBe('done');
    expect(await all.live[0]!.save(at('9'), undefined)).toBe(true);
    await end(all);
  });
});
