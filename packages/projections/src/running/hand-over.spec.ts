import { InMemoryDatabase, type StoreConnection } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { heldBy, OrderTrailProjection, touch } from '../fixtures/one-stream.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';

endEnginesAfterEach();

const WAIT = { timeout: 8_000 };
/** Looks are rare, so that what is seen is one of them. */
const settings = { ...fast, leaseMs: 8_000, leasePollMs: 2_000, heartbeatMs: 500, partitions: 4 };
const isPartition = (key: string): boolean => key.startsWith('order-trail.1.1/');

function noting(store: StoreConnection, seen: string[]): StoreConnection {
  const { leases } = store;
  const release: typeof leases.release = async (lease, options) => {
    await leases.release(lease, options);
    if (isPartition(lease.key)) seen.push(`free ${lease.key}`);
  };
  const acquire: typeof leases.acquire = async (key, request) => {
    const lease = await leases.acquire(key, request);
    if (lease !== undefined && isPartition(key)) seen.push(`taken ${key}`);
    return lease;
  };
  return { ...store, leases: altered(leases, { release, acquire }) };
}

// With all given at once (as it was) both fail: two are free before one is taken, and all that are above the share where nobody takes any.
describe('partitions that are handed over', { timeout: 30_000 }, () => {
  it('are given one after the other, each when the one before is taken [P-9]', async () => {
    const database = new InMemoryDatabase();
    const seen: string[] = [];
    const one = await started(noting(await memory(database), seen), [OrderTrailProjection], { settings });
    await one.settled();
    seen.length = 0;
    const two = await started(noting(await memory(database), seen), [OrderTrailProjection], { settings });
    await vi.waitFor(() => expect([heldBy(one).length, heldBy(two).length]).toEqual([2, 2]), WAIT);
    const keys = seen.filter((_, index) => index % 2 === 0).map((step) => step.slice('free '.length));
    expect(keys).toHaveLength(2);
    expect(seen).toEqual(keys.flatMap((key) => [`free ${key}`, `taken ${key}`]));
  });

  it('stay where they are while nobody takes the first [P-9]', async () => {
    const database = new InMemoryDatabase();
    const seen: string[] = [];
    const one = await started(noting(await memory(database), seen), [OrderTrailProjection], { settings });
    await one.settled();
    seen.length = 0;
    const store = await memory(database);
    let refused = 0;
    const acquire: typeof store.leases.acquire = async () => {
      refused += 1;
      return undefined;
    };
    await started({ ...store, leases: altered(store.leases, { acquire }) }, [OrderTrailProjection], { settings });
    // It asks every few milliseconds: longer than anybody waits for it.
    await vi.waitFor(() => expect(refused).toBeGreaterThan(30), WAIT);
    expect(seen).toHaveLength(1);
    expect(heldBy(one)).toHaveLength(3);
  });

  it('of a process that leaves are all given back, also where nobody takes them', async () => {
    const database = new InMemoryDatabase();
    const seen: string[] = [];
    const one = await started(noting(await memory(database), seen), [OrderTrailProjection], { settings });
    await one.settled();
    const store = await memory(database);
    const acquire: typeof store.leases.acquire = async () => undefined;
    await started({ ...store, leases: altered(store.leases, { acquire }) }, [OrderTrailProjection], { settings });
    seen.length = 0;
    await one.stop();
    const keys = [0, 1, 2, 3].map((partition) => `order-trail.1.1/${partition}`);
    expect(await store.leases.findAll(keys)).toEqual([]);
  });
});

describe('a process that joins others', { timeout: 30_000 }, () => {
  async function joining(
    rehearse: (connection: StoreConnection) => (work: (models: never) => Promise<void>) => Promise<void>,
  ) {
    const database = new InMemoryDatabase();
    const one = await started(await memory(database), [OrderTrailProjection], { settings });
    await touch(await memory(database), 20);
    await one.settled();
    const store = await memory(database);
    const steps: string[] = [];
    const openWriter: typeof store.checkpoints.openWriter = async (key) => {
      const writer = await store.checkpoints.openWriter(key);
      return altered(writer, {
        rehearse: (work) => {
          steps.push('rehearse');
          return rehearse(store)(work);
        },
      });
    };
    const beat: typeof store.nodes.beat = async (node) => {
      steps.push('beat');
      await store.nodes.beat(node);
    };
    const connection = {
      ...store,
      checkpoints: altered(store.checkpoints, { openWriter }),
      nodes: altered(store.nodes, { beat }),
    };
    await started(connection, [OrderTrailProjection], { settings });
    return steps;
  }

  // With the first heartbeat before it (tried) partitions are given to a process whose first batch takes several times as long.
  it('rehearses what it may be given before it says that it is there', async () => {
    const steps = await joining(() => () => Promise.resolve());
    expect(steps.slice(0, steps.indexOf('beat'))).toContain('rehearse');
    expect(steps.slice(steps.indexOf('beat'))).not.toContain('rehearse');
  });

  it('starts also where a rehearsal fails, and where it does not end', async () => {
    expect(await joining(() => () => Promise.reject(new Error('no right')))).toContain('beat');
    expect(await joining(() => () => new Promise(() => undefined))).toContain('beat');
  });
});
