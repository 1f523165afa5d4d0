import { Decimal, type Snapshot, type StreamName } from '@nestfold/core';
import { expect } from 'vitest';
import { fact, type ContractSuite } from '../contract-case.js';
import type { StoreFixture } from '../fixture.js';
import { runContract } from '../run-contract.js';

function snapshot(stream: StreamName, version: number, more: Partial<Snapshot> = {}): Snapshot {
  return { stream, version, revision: 1, state: { at: version }, recentCommits: ['c1', 'c2'], ...more };
}

/** The facts about `SnapshotStore`, as data. */
export const snapshotSuite: ContractSuite = {
  name: 'the contract of a snapshot store',
  cases: [
    fact('finds what was saved, from every connection', async ({ store, connect, stream }) => {
      const name = stream();
      const state = {
        total: Decimal.of('12.50'),
        at: new Date(5),
        lines: [{ sku: 'a', 'dotted.key': null }],
        name: 'Ünï',
      };
      const saved = snapshot(name, 7, { state });
      await store.snapshots.save(saved);
      expect(await (await connect()).snapshots.find(name, 1)).toStrictEqual(saved);
      expect(await store.snapshots.find(stream(), 1)).toBeUndefined();
    }),

    fact('replaces an older one by a newer one', async ({ store, stream }) => {
      const name = stream();
      await store.snapshots.save(snapshot(name, 3));
      await store.snapshots.save(snapshot(name, 9, { recentCommits: [] }));
      expect(await store.snapshots.find(name, 1)).toStrictEqual(snapshot(name, 9, { recentCommits: [] }));
    }),

    fact('never replaces a newer one by an older one', async ({ store, connect, stream }) => {
      const name = stream();
      const stores = [store, await connect()];
      await store.snapshots.save(snapshot(name, 9));
      await store.snapshots.save(snapshot(name, 3));
      expect((await store.snapshots.find(name, 1))?.version).toBe(9);
      const versions = Array.from({ length: 20 }, (_, index) => 10 + ((index * 7) % 20));
      await Promise.all(versions.map((version, index) => stores[index % 2]!.snapshots.save(snapshot(name, version))));
      expect((await store.snapshots.find(name, 1))?.version).toBe(29);
    }),

    fact('keeps revisions apart', async ({ store, stream }) => {
      const name = stream();
      await store.snapshots.save(snapshot(name, 9, { revision: 1 }));
      await store.snapshots.save(snapshot(name, 3, { revision: 2 }));
      expect((await store.snapshots.find(name, 1))?.version).toBe(9);
      expect((await store.snapshots.find(name, 2))?.version).toBe(3);
      expect(await store.snapshots.find(name, 3)).toBeUndefined();
    }),

    fact("removes a stream's snapshots of every revision, and no other's", async ({ store, stream }) => {
      const [name, other] = [stream(), stream()];
      await store.snapshots.save(snapshot(name, 9, { revision: 1 }));
      await store.snapshots.save(snapshot(name, 9, { revision: 2 }));
      await store.snapshots.save(snapshot(other, 9));
      await store.snapshots.remove(name);
      expect(await store.snapshots.find(name, 1)).toBeUndefined();
      expect(await store.snapshots.find(name, 2)).toBeUndefined();
      expect(await store.snapshots.find(other, 1)).toBeDefined();
    }),

    fact('shares no object with its callers', async ({ store, stream }) => {
      const name = stream();
      const state = { list: [1] };
      await store.snapshots.save(snapshot(name, 1, { state }));
      state.list.push(2);
      const found = await store.snapshots.find(name, 1);
      expect(found?.state).toStrictEqual({ list: [1] });
      (found?.state as typeof state).list.push(3);
      expect((await store.snapshots.find(name, 1))?.state).toStrictEqual({ list: [1] });
    }),
  ],
};

/** Checks an adapter's `SnapshotStore`: call it in a spec file. */
export function snapshotContract(fixture: StoreFixture): void {
  runContract(snapshotSuite, fixture);
}
