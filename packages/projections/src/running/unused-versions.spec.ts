import { InMemoryDatabase, isNestfoldError, type StoreConnection } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, place, started } from '../fixtures/engines.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';
import { leftOf, tallied, tallyAt } from '../fixtures/versions.fixture.js';
import { isReadModelNotReady } from '../reading/read-model-not-ready.error.js';

endEnginesAfterEach();

const reader = { id: 'reader', host: '', pid: 1, build: '', roles: ['queries'], commands: [] };

/*
 * Each protection was taken away once to see its test fail; those of the registry (what is begun meanwhile is not retired, what is being dropped is
 * neither named nor swapped) are in the registry's contract.
 */
describe('a version that nobody uses any more', () => {
  const settings = { ...fast, versionKeepMs: 200, graceMs: 100, heartbeatMs: 30 };
  // For what is to stay: who uses it has said nothing for as long as its process, or the machine, stood still.
  const patient = { ...settings, versionKeepMs: 2_000 };

  it('is dropped with all that it stored, and begins anew with a number never used', async () => {
    const store = await memory();
    await place(store, '1');
    const old = await started(store, [tallyAt(3)], { settings });
    await old.settled();
    const young = await started(store, [tallyAt(4)], { settings });
    await young.settled();
    await old.stop();
    await vi.waitFor(async () => expect(await leftOf(store, 3)).toEqual([]), { timeout: 5_000 });
    // The ones in use stay, whatever time passes.
    expect(await tallied(young)).toEqual({ version: 4, orders: 1 });
    const again = await started(store, [tallyAt(3)], { settings });
    await again.settled();
    expect(await tallied(again)).toEqual({ version: 3, orders: 1 });
    expect(await again.status('tally')).toMatchObject({ generation: 2 });
  });

  // Found by the simulation (seeds 30, 144, 228 of 2026-11-21): without `dropRest` in `dropVersion` it stayed for ever, since the entry was forgotten.
  it('leaves nothing of generations that had ended before, and that a crash kept from being taken away', async () => {
    const store = await memory();
    await place(store, '1');
    const old = await started(store, [tallyAt(3)], { settings });
    await old.settled();
    const ended = await old.rebuild('tally', 'eve');
    await store.generations.cancel(ended.id);
    await old.stop();
    await store.checkpoints.claim(`${ended.id}/0`, 100);
    expect(await leftOf(store, 3)).toContain(`checkpoint ${ended.id}`);
    await started(store, [tallyAt(4)], { settings });
    await vi.waitFor(async () => expect(await leftOf(store, 3)).toEqual([]), { timeout: 5_000 });
  });

  it('is kept by a process that only reads [D-5]', async () => {
    const store = await memory();
    await place(store, '1');
    const old = await started(store, [tallyAt(3)], { settings: patient });
    await old.settled();
    const reading = await started(store, [tallyAt(3)], { settings: patient, node: reader });
    await started(store, [tallyAt(4)], { settings: patient });
    await old.stop();
    const until = Date.now() + 2 * patient.versionKeepMs;
    await vi.waitFor(
      async () => {
        expect(await tallied(reading)).toEqual({ version: 3, orders: 1 });
        expect(Date.now()).toBeGreaterThan(until);
      },
      { timeout: 15_000, interval: 40 },
    );
  });

  // Without the grace between decision and drop (`UnusedVersions.graceOf`) it read that there are no orders.
  it('is not emptied under a reader who has not heard of it [D-5]', async () => {
    const store = await memory();
    await place(store, '1');
    const slow = { ...settings, graceMs: 2_000 };
    const old = await started(store, [tallyAt(3)], { settings: slow });
    await old.settled();
    await old.stop();
    // It cannot say that it uses the version, and is told of no change.
    const deaf = altered(store.generations, { name: () => Promise.resolve(), onChange: () => () => undefined });
    const reading = await started({ ...store, generations: deaf }, [tallyAt(3)], { settings: slow, node: reader });
    expect(await tallied(reading)).toEqual({ version: 3, orders: 1 });
    await started(store, [tallyAt(4)], { settings: slow });
    const wrong: unknown[] = [];
    await vi.waitFor(
      async () => {
        const answer: unknown = await tallied(reading).catch((error: unknown) => error);
        // Not thrown here: it would be tried again.
        if (!isReadModelNotReady(answer) && (answer as { orders?: number }).orders !== 1) wrong.push(answer);
        expect(await leftOf(store, 3)).toEqual([]);
      },
      { timeout: 15_000, interval: 1 },
    );
    expect(wrong).toEqual([]);
  });

  it('is dropped also where the one who began that has died', async () => {
    const store = await memory();
    const old = await started(store, [tallyAt(3)], { settings });
    await old.settled();
    await old.stop();
    await vi.waitFor(async () => expect(await store.generations.expire(1_000)).toHaveLength(1), 10_000);
    await started(store, [tallyAt(4)], { settings });
    await vi.waitFor(async () => expect(await leftOf(store, 3)).toEqual([]), { timeout: 5_000 });
  });

  /** Begins a process of the version at one step of its drop, and answers what it read, until it has all. */
  async function startedDuringDrop(step: string): Promise<string[]> {
    const store = await memory();
    await place(store, '1');
    const old = await started(store, [tallyAt(3)], { settings });
    await old.settled();
    await old.stop();
    await isForgotten(store, settings.versionKeepMs);
    const [port, method] = step.split('.') as ['generations', 'generations'];
    let reached = (): void => undefined;
    const held = new Promise<void>((resolve) => (reached = resolve));
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    let dropping = false;
    const stopsHere = async (): Promise<void> => {
      if (!dropping) return;
      reached();
      await gate;
    };
    const expire: StoreConnection['generations']['expire'] = async (keepMs) => {
      const found = await store.generations.expire(keepMs);
      dropping = found.length > 0;
      return found;
    };
    const all: StoreConnection = { ...store, generations: altered(store.generations, { expire }) };
    const slow: StoreConnection = {
      ...all,
      [port]: altered(all[port], {
        [method]: async (...args: Parameters<StoreConnection['generations']['generations']>) => {
          if (args[0].startsWith('tally') && args[1] !== 4) await stopsHere();
          return all[port][method](...args);
        },
      }),
    };
    await started(slow, [tallyAt(4)], { settings });
    await held;
    const again = await started(store, [tallyAt(3)], { settings });
    const wrong: string[] = [];
    const look = async (): Promise<void> => {
      try {
        const { orders } = await tallied(again);
        if (orders !== 1) wrong.push(`read ${orders} orders`);
      } catch (error) {
        if (!isNestfoldError(error) || error.code !== 'read-model.not-ready') throw error;
      }
    };
    await look();
    goOn();
    const until = Date.now() + 600;
    while (Date.now() < until) {
      await look();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await again.settled({ timeoutMs: 3_000 }).catch((error: unknown) => wrong.push(String(error)));
    await look();
    return [...new Set(wrong)];
  }

  const steps = [
    'generations.generations',
    'leases.acquire',
    'checkpoints.claim',
    'generations.retire',
    'readModels.drop',
    'checkpoints.remove',
  ];

  it.each(steps)(
    'can be begun while it is dropped, at %s: readers see all of it or are told to wait [D-5]',
    async (step) => {
      expect(await startedDuringDrop(step)).toEqual([]);
    },
  );

  /** Begins a process of the version between the look at who uses it and the decision to drop it, and answers what became of it. */
  async function startedBeforeDecision(decide: 'by the entry' | 'by the nodes'): Promise<string> {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    await place(store, '1');
    const old = await started(store, [tallyAt(3)], { settings: patient });
    await old.settled();
    await old.stop();
    await isForgotten(store, patient.versionKeepMs);
    let reached = (): void => undefined;
    const held = new Promise<void>((resolve) => (reached = resolve));
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const expire: StoreConnection['generations']['expire'] = async (keepMs) => {
      const isUsed = (await store.nodes.list()).some(({ projections }) => projections['tally'] === 3);
      reached();
      await gate;
      const entry = database.registry.get('tally.3');
      if (decide === 'by the nodes' && !isUsed && entry) database.registry.set('tally.3', { ...entry, dropping: true });
      return store.generations.expire(keepMs);
    };
    const decided = { ...store, generations: altered(store.generations, { expire }) };
    await started(decided, [tallyAt(4)], { settings: patient });
    await held;
    const again = await started(store, [tallyAt(3)], { settings: patient });
    await again.settled();
    expect(await tallied(again)).toEqual({ version: 3, orders: 1 });
    goOn();
    const until = Date.now() + 500;
    while (Date.now() < until) {
      const answer = await tallied(again).catch(() => undefined);
      if (answer?.orders !== 1) return 'taken away under its reader';
      await new Promise((resolve) => setImmediate(resolve));
    }
    return `generation ${(await again.status('tally')).generation}`;
  }

  // The variant that asks the nodes, and drops what none of them has compiled, fails: what it was told is old when it acts on it.
  it('is kept by a process that starts just when it is to be dropped; by the nodes it would not be [D-5]', async () => {
    expect(await startedBeforeDecision('by the entry')).toBe('generation 1');
    expect(await startedBeforeDecision('by the nodes')).toBe('taken away under its reader');
  });
});

/** Waits until nobody has named the version for so long that it is dropped when somebody looks. */
async function isForgotten({ generations }: StoreConnection, keepMs: number): Promise<void> {
  await vi.waitFor(
    async () =>
      expect((await generations.entry('tally', 3))?.namedAt?.getTime()).toBeLessThan(Date.now() - keepMs - 50),
    10_000,
  );
}
