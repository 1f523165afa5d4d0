import type { Generation, StoreConnection } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { contextOf } from '../fixtures/engines.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { PartitionClaims } from './partition-claims.js';

const NEEDS = 'parcel.sent@2';
const generation = { id: 'parcels.1.1', projection: 'parcels', version: 1, partitions: 4 } as Generation;

/** A process that has compiled the event up to this version says that it is there. */
const beat = ({ nodes }: StoreConnection, id: string, schema: number): Promise<void> =>
  nodes.beat({
    id,
    host: 'h',
    pid: 1,
    build: 'b',
    roles: ['projections'],
    projections: { parcels: 1 },
    events: { 'parcel.sent': schema },
    commands: [],
  });

/** Somebody met an event of a newer build there. */
async function givenBack({ leases }: StoreConnection, ...partitions: number[]): Promise<void> {
  for (const partition of partitions) {
    const lease = await leases.acquire(`parcels.1.1/${partition}`, { owner: 'old', ttlMs: 60_000 });
    await leases.release(lease!, { needs: NEEDS });
  }
}

/** What the process `test` is to do, which has compiled the event up to a version; another one has compiled it up to another. */
async function claimsOf(own: number, other: number, ...waiting: number[]) {
  const store = await memory();
  await beat(store, 'test', own);
  await beat(store, 'other', other);
  await givenBack(store, ...waiting);
  let now = 0;
  const context = contextOf(store);
  const environment = { ...context.environment, now: () => now };
  const pass = (milliseconds: number): void => void (now += milliseconds);
  const knows = own === 1 ? ['parcel.sent@1'] : ['parcel.sent@1', NEEDS];
  return { store, pass, claims: new PartitionClaims({ ...context, environment }, generation, 'test', knows) };
}

describe('the partitions that a process is to feed', () => {
  // With what waits counted as its own, it took none of the others, though half of them were its share.
  it('are its whole share of those that it can feed, while others wait for a newer build', async () => {
    const { claims } = await claimsOf(1, 2, 2, 3);
    const { take, waiting } = await claims.look([]);
    expect([[...take].sort(), [...waiting].sort()]).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  // It gave back the last, which the other took, could not feed, and gave back: again and again.
  it('are those that nobody else can feed, above its share too, until somebody can: it gives back others', async () => {
    const { store, pass, claims } = await claimsOf(2, 1, 3);
    expect((await claims.look([0, 1])).take).toEqual([3]);
    // What was taken in need is kept for a while anyway.
    pass(3_600_000);
    expect((await claims.look([0, 1, 3])).giveBack).toEqual([1]);
    expect((await claims.look([3])).giveBack).toEqual([]);
    await beat(store, 'other', 2);
    expect((await claims.look([0, 1, 3])).giveBack).toEqual([3]);
  });
});

describe('a partition that another process has', () => {
  const setting = async () => {
    const { store, pass, claims } = await claimsOf(1, 1);
    const lease = () => store.leases.acquire('parcels.1.1/0', { owner: 'other', ttlMs: 60_000 });
    return { store, pass, lease, claims, elsewhere: async () => (await claims.look([1, 2, 3])).elsewhere };
  };

  // For up to 30 s a process said, and was not ready, that it stands still where another one had long gone on.
  it('is fed there also while this one rests from its own failure', async () => {
    const { claims, pass, lease, elsewhere } = await setting();
    const end = { kind: 'interrupted', error: new Error('no space left'), moved: false } as const;
    const resting = new AbortController();
    claims.noteEnd(0, end, resting.signal, () => undefined);
    await lease();
    await elsewhere();
    pass(30_000);
    expect(await elsewhere()).toEqual([0]);
    resting.abort();
  });

  // Each of two that failed in turn seemed well since the other one tried: none was ever in trouble for 30 s.
  it('is fed there only once it has been had for longer than it takes to fail', async () => {
    const { store, pass, lease, elsewhere } = await setting();
    for (let turn = 0; turn < 3; turn += 1) {
      const held = await lease();
      expect(await elsewhere()).toEqual([]);
      pass(1_500);
      expect(await elsewhere()).toEqual([]);
      await store.leases.release(held!);
      await elsewhere();
      pass(30_000);
    }
  });
});
