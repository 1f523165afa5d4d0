import type { StoreConnection } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { writingThrough } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, place, started } from '../fixtures/engines.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';
import { Tally, tallied, tallyAt } from '../fixtures/versions.fixture.js';
import { isReadModelNotReady } from '../reading/read-model-not-ready.error.js';

endEnginesAfterEach();

const reader = { id: 'reader', host: '', pid: 1, build: '', roles: ['queries'], commands: [] };

/** A store in which the batches of one version wait for the gate. */
function withSlow(store: StoreConnection, version: number, gate: Promise<void>): StoreConnection {
  return writingThrough(store, async (writer, batch, work) => {
    if (batch.key.startsWith(`tally.${version}.`)) await gate;
    return writer.write(batch, work);
  });
}

describe('two builds at once', () => {
  it('each read their own version: the new one is built beside the old one, which goes on [D-1]', async () => {
    const store = await memory();
    for (let n = 0; n < 5; n += 1) await place(store, `${n}`);
    const old = await started(store, [tallyAt(3)]);
    await old.settled();
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const young = await started(withSlow(store, 4, gate), [tallyAt(4)]);
    await place(store, '5');
    await old.settled();
    expect(await tallied(old)).toEqual({ version: 3, orders: 6 });
    expect(young.readiness()).toMatchObject({ ready: false });
    await expect(young.readModel(Tally).findById('all')).rejects.toSatisfy(isReadModelNotReady);
    goOn();
    await young.settled();
    await place(store, '6');
    await Promise.all([old.settled(), young.settled()]);
    expect(await tallied(young)).toEqual({ version: 4, orders: 7 });
    expect(await tallied(old)).toEqual({ version: 3, orders: 7 });
    expect([old.readiness().ready, young.readiness().ready]).toEqual([true, true]);
    expect(await store.generations.entries()).toHaveLength(2);
  });

  it('resume on the way back what the older version had: nothing is built anew [D-4]', async () => {
    const store = await memory();
    await place(store, '1');
    const old = await started(store, [tallyAt(3)]);
    await old.settled();
    const young = await started(store, [tallyAt(4)]);
    await young.settled();
    await old.stop();
    await place(store, '2');
    await young.settled();
    const again = await started(store, [tallyAt(3)]);
    await again.settled();
    expect(again.readiness().ready).toBe(true);
    expect(await tallied(again)).toEqual({ version: 3, orders: 2 });
    expect(await store.generations.generations('tally', 3)).toHaveLength(1);
  });

  it('leave the feeding of a version to those that compiled it [D-1]', async () => {
    const store = await memory();
    const old = await started(store, [tallyAt(3)]);
    await old.settled();
    await started(store, [tallyAt(4)]);
    await old.stop();
    await place(store, '1');
    const one = await started(store, [tallyAt(4)]);
    await one.settled();
    expect(await store.leases.findAll(['tally.3.1/0'])).toEqual([]);
    const generation = await store.generations.generation('tally.3.1');
    expect(await store.readModels.count(generation?.collections['tally'] ?? '', {})).toBe(0);
  });
});

describe('a version that readers may take the place of (reads)', () => {
  it('is read while the own one is being built, and the process is ready [D-2]', async () => {
    const store = await memory();
    await place(store, '1');
    const old = await started(store, [tallyAt(2)]);
    await old.settled();
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const young = await started(withSlow(store, 3, gate), [tallyAt(3, [1, 2])]);
    expect(young.readiness()).toEqual({ ready: true, reasons: [] });
    expect(await tallied(young)).toEqual({ version: 2, orders: 1 });
    expect(await young.status('tally')).toMatchObject({ state: 'building', version: 3, reads: 2 });
    goOn();
    await young.settled();
    await vi.waitFor(async () => expect(await tallied(young)).toEqual({ version: 3, orders: 1 }), 10_000);
    expect(await young.status('tally')).not.toHaveProperty('reads');
  });

  // Taken away once to see this fail: the fallback in `ProjectionSupervisor.used` (the older version was dropped under its readers).
  it('is kept as long as somebody reads it', async () => {
    const store = await memory();
    await place(store, '1');
    const settings = { ...fast, versionKeepMs: 300, graceMs: 50, heartbeatMs: 30 };
    const old = await started(store, [tallyAt(2)], { settings });
    await old.settled();
    await old.stop();
    const never = new Promise<void>(() => undefined);
    const young = await started(withSlow(store, 3, never), [tallyAt(3, [2])], {
      settings: { ...settings, drainMs: 50 },
    });
    const until = Date.now() + 900;
    await vi.waitFor(
      async () => {
        expect(await tallied(young)).toEqual({ version: 2, orders: 1 });
        expect(Date.now()).toBeGreaterThan(until);
      },
      { timeout: 5_000, interval: 40 },
    );
    expect(young.readiness().ready).toBe(true);
  });

  it('says when the older version did not have the model', async () => {
    const store = await memory();
    await store.generations
      .begin({ projection: 'tally', version: 2, readModels: ['other'], partitions: 1, epoch: 'e', startedBy: 'test' })
      .then((generation) => store.generations.swap({ generation, by: 'test', held: [] }));
    const one = await started(store, [tallyAt(3, [2])], { node: reader });
    await expect(one.readModel(Tally).findById('all')).rejects.toSatisfy(isReadModelNotReady);
  });
});
