import {
  InMemoryDatabase,
  StoreUnavailable,
  systemEnvironment,
  type Generation,
  type LoadPlan,
  type StoreConnection,
} from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { altered, lateOnce, writingThrough } from '../fixtures/altered-store.fixture.js';
import { append, memory } from '../fixtures/store.fixture.js';
import { isLateCommit } from '../following/following.errors.js';
import { discard } from '../rebuilding/discard.js';
import { accountEvents, AccountMoved, tell } from './accounts.fixture.js';
import { accounts, begun, filled, loading, processOf, runnerOf, sequential, stored } from './load.fixture.js';
import { LoadControl } from './load-control.js';
import { RangeLoader, type RangeOutcome } from './range-loader.js';

const never = new AbortController().signal;

/** A store of its own, with as many connections as a test wants. */
function processes(): () => Promise<StoreConnection> {
  const database = new InMemoryDatabase();
  return () => memory(database, { horizonSeconds: 0 });
}

/** Loads range 0 in a process of its own. */
function loadFirst(connection: StoreConnection, generation: Generation, owner: string): Promise<RangeOutcome> {
  const context = processOf(connection);
  const control = new LoadControl(systemEnvironment);
  const hooks = { onBatch: () => undefined, onRetry: () => undefined };
  return new RangeLoader(context, accounts, generation, owner, control, hooks).load(0, never);
}

/** A plan of one range. */
async function planned(store: StoreConnection): Promise<Generation> {
  const { id } = await begun(store);
  const now = await store.feed.now();
  const plan: LoadPlan = { began: now, horizon: now, ranges: [{ processed: 0, done: false }], done: false };
  return store.generations.planLoad(id, plan);
}

/** A store whose n-th batch waits, with all of its work done, until it is let go. */
function held(
  store: StoreConnection,
  batch: number,
): { store: StoreConnection; reached: Promise<void>; go: () => void } {
  let go = (): void => undefined;
  let reach = (): void => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  let batches = 0;
  const holding = writingThrough(store, async (writer, ...args) => {
    batches += 1;
    if (batches === batch) {
      reach();
      await gate;
    }
    return writer.write(...args);
  });
  return { store: holding, reached, go };
}

/** The leases of a process that is paused are not renewed, and it does not know. */
function withoutRenewal(store: StoreConnection): StoreConnection {
  return { ...store, leases: altered(store.leases, { renew: (lease) => Promise.resolve(lease) }) };
}

/*
 * The attacks that marks in each document (worker and ordinal of its batch) were to answer, `protocols.md` 4. Removed once to see each fail: the token in the
 * checkpoint's filter (the zombie's batch was applied: sums too high, a removed document there again), the previous batch in it (a batch twice), the claim
 * before the drop.
 */
describe('what marks in each document answered, the checkpoint of each range answers', () => {
  it('a batch whose process dies before its checkpoint moved leaves nothing', async () => {
    const connect = processes();
    const store = await filled(30, await connect());
    const generation = await planned(store);
    // Its work is done, its transaction never ends.
    let batches = 0;
    const dying = writingThrough(withoutRenewal(store), async (writer, batch, work) => {
      batches += 1;
      if (batches < 3) return writer.write(batch, work);
      const draft = {
        find: () => Promise.resolve(new Map()),
        apply: () => Promise.resolve(),
        patchWhere: () => Promise.resolve(),
      };
      await work(draft);
      return new Promise(() => undefined);
    });
    void loadFirst(dying, generation, 'dead');
    await expect.poll(() => batches).toBe(3);
    await expect.poll(() => loadFirst(store, generation, 'next'), { timeout: 10_000 }).toBe('done');
    expect(await stored(store, generation)).toEqual(await sequential(store));
  });

  it('a batch whose answer was lost is not applied again', async () => {
    const store = await filled(30);
    const generation = await planned(store);
    let lost = 0;
    const forgetful = writingThrough(store, async (writer, batch, work) => {
      const outcome = await writer.write(batch, work);
      lost += 1;
      if (lost % 2 === 1) throw new StoreUnavailable('The answer was lost.');
      return outcome;
    });
    expect(await loadFirst(forgetful, generation, 'one')).toBe('done');
    expect(lost).toBeGreaterThan(4);
    expect(await stored(store, generation)).toEqual(await sequential(store));
  });

  it('an owner that wakes up after another has taken over writes nothing, and brings no removed document back [P-3]', async () => {
    const connect = processes();
    const store = await filled(30, await connect());
    const generation = await planned(store);
    const paused = held(withoutRenewal(await connect()), 2);
    const zombie = loadFirst(paused.store, generation, 'zombie');
    await paused.reached;
    await expect.poll(() => loadFirst(store, generation, 'next'), { timeout: 10_000 }).toBe('done');
    const before = await stored(store, generation);
    paused.go();
    await expect(zombie).rejects.toMatchObject({ code: 'partition.lost' });
    expect(await stored(store, generation)).toEqual(before);
    expect(before).toEqual(await sequential(store));
    // Accounts are closed in every batch: a late insert would show as one that is there.
    expect([...before['account_view']!.keys()]).not.toContain('a0');
  });

  it('an owner that wakes up after the load has ended finds no checkpoint to move', async () => {
    const connect = processes();
    const store = await filled(30, await connect());
    const generation = await planned(store);
    const paused = held(withoutRenewal(await connect()), 1);
    const zombie = loadFirst(paused.store, generation, 'zombie');
    await paused.reached;
    await loading(processOf(store), generation);
    const before = await stored(store, generation);
    paused.go();
    await expect(zombie).rejects.toMatchObject({ code: 'partition.lost' });
    expect(await stored(store, generation)).toEqual(before);
    expect(await loadFirst(store, generation, 'late')).toBe('over');
    expect(await store.checkpoints.find(`${generation.id}/load/0`)).toBeUndefined();
  });

  it('a removed document stays removed for a process that goes on after a crash', async () => {
    const store = await filled(0);
    await tell(store, [{ accountId: 'gone', moves: 600, closed: true }]);
    const generation = await planned(store);
    const paused = held(withoutRenewal(store), 2);
    void loadFirst(paused.store, generation, 'dead').catch(() => undefined);
    await paused.reached;
    await expect.poll(() => loadFirst(store, generation, 'next'), { timeout: 10_000 }).toBe('done');
    expect(await stored(store, generation)).toEqual({ account_view: new Map(), account_log: new Map() });
    paused.go();
  });

  it('a build that is dropped is not made again by who was loading it [B-9]', async () => {
    const connect = processes();
    const store = await filled(30, await connect());
    const generation = await planned(store);
    const paused = held(await connect(), 2);
    const zombie = loadFirst(paused.store, generation, 'zombie');
    await paused.reached;
    await discard(processOf(store), generation, 'operator', () => store.generations.cancel(generation.id));
    paused.go();
    await expect(zombie).rejects.toMatchObject({ code: 'partition.lost' });
    expect(await stored(store, generation)).toEqual({ account_view: new Map(), account_log: new Map() });
    expect(await loadFirst(store, generation, 'late')).toBe('over');
  });
});

describe('a load', () => {
  // Without the watch this load ends, and its documents lack what came late.
  it('that a commit comes too late for is to be begun again', async () => {
    const store = await filled(40);
    const generation = await begun(store);
    let armed = false;
    const feed = lateOnce(store.feed, () => armed);
    const late = { ...store, feed };
    const run = runnerOf(processOf(late, { leasePollMs: 10 }), generation).run(never);
    armed = true;
    await append(store, 'account-x', accountEvents.newEvent(AccountMoved, { accountId: 'x', by: 1 }));
    await expect(run).rejects.toSatisfy(isLateCommit);
    expect((await store.generations.generation(generation.id))?.load?.done).toBe(false);
  });
});
