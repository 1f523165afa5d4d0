import { describe, expect, it, vi } from 'vitest';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import { endEnginesAfterEach, place, started } from '../fixtures/engines.fixture.js';
import { databaseForEach } from '../../test/mongo.fixture.js';
import { fast, log } from '../fixtures/store.fixture.js';
import { tallied, tallyAt } from '../fixtures/versions.fixture.js';

const database = databaseForEach('deploy');
endEnginesAfterEach();

const settings = { ...fast, leaseMs: 2_000, heartbeatMs: 300, graceMs: 2_000 };
const WAIT = { timeout: 20_000 };
const PER_SECOND = 120;

const begun = async (version: number): Promise<ProjectionEngine> => {
  const one = await started(await database.connect(), [tallyAt(version)], { settings });
  await vi.waitFor(() => expect(one.readiness()).toEqual({ ready: true, reasons: [] }), WAIT);
  return one;
};

/** Reads from one ready process until it is to stop: each answer is of its own version, whole, and never behind the one before. */
function reading(one: ProjectionEngine, version: number): { reads(): number; stop(): Promise<void> } {
  let on = true;
  let reads = 0;
  const work = (async () => {
    let atLeast = 1;
    while (on) {
      const found = await tallied(one);
      expect(found.version).toBe(version);
      expect(found.orders).toBeGreaterThanOrEqual(atLeast);
      atLeast = found.orders;
      reads += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  work.catch(() => undefined);
  return {
    reads: () => reads,
    stop: async () => {
      on = false;
      await work;
    },
  };
}

describe('a rolling deploy, on MongoDB', () => {
  it(
    'from version 3 to 4 and back under load: each process reads its own version, whole and never older, nothing is lost, doubled, or built again [D-1, D-4]',
    { timeout: 120_000 },
    async () => {
      const store = await database.connect();
      await place(store, 'first');
      const old = [await begun(3), await begun(3)];
      await old[0]?.settled();
      let on = true;
      let placed = 1;
      const since = performance.now();
      const writer = async (): Promise<void> => {
        while (on) {
          if (placed > ((performance.now() - since) / 1_000) * PER_SECOND) {
            await new Promise((resolve) => setTimeout(resolve, 2));
            continue;
          }
          placed += 1;
          await place(store, `${placed}`);
        }
      };
      const writing = Promise.all(Array.from({ length: 8 }, writer));
      const replace = async (before: readonly ProjectionEngine[], version: number): Promise<ProjectionEngine[]> => {
        const after: ProjectionEngine[] = [];
        for (const one of before) {
          // One process at a time, ready before the one that it replaces is stopped.
          const next = await begun(version);
          after.push(next);
          const readers = [reading(next, version), reading(one, version === 4 ? 3 : 4)];
          const [before, placedBefore] = [performance.now(), placed];
          await vi.waitFor(() => {
            expect(performance.now() - before).toBeGreaterThan(1_500);
            for (const { reads } of readers) expect(reads()).toBeGreaterThan(10);
          }, WAIT);
          expect(placed).toBeGreaterThan(placedBefore);
          for (const { stop } of readers) await stop();
          await one.stop();
        }
        return after;
      };
      const young = await replace(old, 4);
      const again = await replace(young, 3);
      on = false;
      await writing;
      const perSecond = Math.round(placed / ((performance.now() - since) / 1_000));
      await Promise.all(again.map((one) => one.settled({ timeoutMs: 20_000 })));
      const appended = (await log(store)).length;
      expect(appended).toBe(placed);
      for (const one of again) expect(await tallied(one)).toEqual({ version: 3, orders: appended });
      const back = await begun(4);
      await back.settled({ timeoutMs: 20_000 });
      expect(await tallied(back)).toEqual({ version: 4, orders: appended });
      for (const version of [3, 4])
        expect(await store.generations.generations('tally', version)).toMatchObject([{ number: 1, state: 'live' }]);
      console.info(`rolled 3 → 4 → 3 → 4 under ${perSecond} events/s: ${appended} events, none lost or doubled`);
    },
  );
});
