import { randomUUID } from 'node:crypto';
import type { Lease, StoreConnection } from '@nestfold/core';
import { expect } from 'vitest';
import { fact, type ContractSuite } from '../contract-case.js';
import type { StoreFixture } from '../fixture.js';
import { outcomesOf, valuesOf } from '../outcome.js';
import { runContract } from '../run-contract.js';

const LONG = 60_000;
const SHORT = 300;

/** Acquires a lease that nobody holds. */
async function take(store: StoreConnection, key: string, ttlMs = LONG, owner: string = randomUUID()): Promise<Lease> {
  const lease = await store.leases.acquire(key, { owner, ttlMs });
  if (lease === undefined) throw new Error(`Nobody holds '${key}', but it was not given.`);
  return lease;
}

/** The facts about `LeaseStore`, as data. */
export const leaseSuite: ContractSuite = {
  name: 'the contract of a lease store',
  cases: [
    fact('gives a free lease, and refuses it to others while it is held', async ({ store, connect, name }) => {
      const key = name('lease');
      const lease = await take(store, key);
      expect(lease).toMatchObject({ key });
      expect(lease.token).toBeGreaterThan(0);
      expect(lease.until).toBeInstanceOf(Date);
      const other = await connect();
      expect(await other.leases.acquire(key, { owner: randomUUID(), ttlMs: LONG })).toBeUndefined();
      expect(await other.leases.find(key)).toEqual(lease);
    }),

    fact('gives a lease that 16 want at once to one of them, five times over', async ({ store, connect, name }) => {
      const stores = [store, await connect()];
      for (let round = 0; round < 5; round += 1) {
        const key = name('lease');
        const outcomes = await outcomesOf(
          Array.from({ length: 16 }, (_, index) =>
            stores[index % 2]!.leases.acquire(key, { owner: randomUUID(), ttlMs: LONG }),
          ),
        );
        expect(outcomes.filter(({ kind }) => kind === 'failed')).toEqual([]);
        const winners = valuesOf(outcomes).filter((lease) => lease !== undefined);
        expect(winners, `round ${round}`).toHaveLength(1);
        expect((await store.leases.find(key))?.owner).toBe(winners[0]?.owner);
      }
    }),

    fact(
      'lists those of several leases that were taken and not given back',
      async ({ store, connect, fixture, name }) => {
        const [held, dead, freed, never] = [name('lease'), name('lease'), name('lease'), name('lease')];
        const lease = await take(store, held);
        const gone = await take(store, dead, SHORT);
        await store.leases.release(await take(store, freed));
        await fixture.elapse(SHORT + 50);
        const found = await (await connect()).leases.findAll([held, dead, freed, never]);
        expect(found).toHaveLength(2);
        expect(found).toEqual(
          expect.arrayContaining([
            { ...lease, isExpired: false },
            { ...gone, isExpired: true },
          ]),
        );
        expect(await store.leases.findAll([])).toEqual([]);
      },
    ),

    fact('keeps leases of different keys apart', async ({ store, name }) => {
      const [one, other] = [await take(store, name('lease')), await take(store, name('lease'))];
      await store.leases.release(one);
      expect(await store.leases.find(other.key)).toEqual(other);
    }),

    fact(
      'gives a lease to another when it has expired, with a higher token',
      async ({ store, connect, fixture, name }) => {
        const key = name('lease');
        const dead = await take(store, key, SHORT);
        await fixture.elapse(SHORT + 50);
        const next = await take(await connect(), key);
        expect(next.token).toBeGreaterThan(dead.token);
        expect(await store.leases.renew(dead, LONG)).toBeUndefined();
      },
    ),

    fact('gives an expired lease that 16 want to one of them', async ({ store, connect, fixture, name }) => {
      const stores = [store, await connect()];
      const key = name('lease');
      await take(store, key, SHORT);
      await fixture.elapse(SHORT + 50);
      const leases = await Promise.all(
        Array.from({ length: 16 }, (_, index) =>
          stores[index % 2]!.leases.acquire(key, { owner: randomUUID(), ttlMs: LONG }),
        ),
      );
      expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
    }),

    fact(
      'names nobody as holder of a lease that was never taken, is released, or has expired',
      async ({ store, fixture, name }) => {
        expect(await store.leases.find(name('lease'))).toBeUndefined();
        const [released, expired] = [await take(store, name('lease')), await take(store, name('lease'), SHORT)];
        expect(await store.leases.find(expired.key)).toEqual(expired);
        await store.leases.release(released);
        await fixture.elapse(SHORT + 50);
        expect(await store.leases.find(released.key)).toBeUndefined();
        expect(await store.leases.find(expired.key)).toBeUndefined();
      },
    ),

    fact('keeps a renewed lease for its new time', async ({ store, fixture, name }) => {
      const lease = await take(store, name('lease'), SHORT);
      const renewed = await store.leases.renew(lease, LONG);
      expect(renewed).toMatchObject({ key: lease.key, owner: lease.owner, token: lease.token });
      expect(renewed?.until.getTime()).toBeGreaterThan(lease.until.getTime());
      await fixture.elapse(SHORT + 50);
      expect(await store.leases.acquire(lease.key, { owner: randomUUID(), ttlMs: LONG })).toBeUndefined();
    }),

    fact('raises the token at every acquisition, over releases and by the same owner', async ({ store, name }) => {
      const key = name('lease');
      const owner = randomUUID();
      const tokens: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        tokens.push((await take(store, key, LONG, owner)).token);
        const again = await take(store, key, LONG, owner);
        tokens.push(again.token);
        await store.leases.release(again);
      }
      expect(tokens).toEqual([...new Set(tokens)].toSorted((a, b) => a - b));
    }),

    fact('refuses to renew what the same owner has acquired anew', async ({ store, name }) => {
      const first = await take(store, name('lease'));
      const second = await take(store, first.key, LONG, first.owner);
      expect(await store.leases.renew(first, LONG)).toBeUndefined();
      expect(await store.leases.renew(second, LONG)).toMatchObject({ token: second.token });
    }),

    fact(
      'gives a held lease to one who takes it by force, and refuses renewal to the former holder',
      async ({ store, connect, name }) => {
        const held = await take(store, name('lease'));
        const owner = randomUUID();
        const taken = await (await connect()).leases.acquire(held.key, { owner, ttlMs: LONG, force: true });
        expect(taken).toMatchObject({ owner });
        expect(taken?.token).toBeGreaterThan(held.token);
        expect(await store.leases.renew(held, LONG)).toBeUndefined();
        expect((await store.leases.find(held.key))?.owner).toBe(owner);
      },
    ),

    fact('frees a released lease at once', async ({ store, connect, name }) => {
      const lease = await take(store, name('lease'));
      await store.leases.release(lease);
      expect(await store.leases.renew(lease, LONG)).toBeUndefined();
      expect((await take(await connect(), lease.key)).token).toBeGreaterThan(lease.token);
    }),

    fact('frees a lease at once whose session still holds something open', async ({ store, connect, name }) => {
      const key = name('lease');
      const lease = await store.leases.acquire(key, { owner: randomUUID(), ttlMs: LONG, session: randomUUID() });
      await store.leases.release(lease!, { sessionOpen: true });
      expect(await store.leases.find(key)).toBeUndefined();
      expect((await take(await connect(), key)).token).toBeGreaterThan(lease!.token);
    }),

    fact('gives back to those only who have what the lease needs', async ({ store, connect, name }) => {
      const key = name('lease');
      const owner = randomUUID();
      const lease = await take(store, key, LONG, owner);
      await store.leases.release(lease, { needs: 'order.placed@3' });
      const other = (await connect()).leases;
      expect(await other.find(key)).toBeUndefined();
      expect(await other.findAll([key])).toMatchObject([{ key, isExpired: true, needs: 'order.placed@3' }]);
      const knowing = (knows: readonly string[]) => ({ ttlMs: LONG, knows });
      expect(
        await other.acquire(key, { owner: randomUUID(), ...knowing(['order.placed@1', 'order.placed@2']) }),
      ).toBeUndefined();
      // Nor does the one get it who has given it back.
      expect(await store.leases.acquire(key, { owner, ...knowing([]) })).toBeUndefined();
      expect(await store.leases.renew(lease, LONG)).toBeUndefined();
      const fit = randomUUID();
      const taken = await other.acquire(key, { owner: fit, ...knowing(['order.placed@2', 'order.placed@3']) });
      expect(taken).toMatchObject({ owner: fit });
      expect(taken?.token).toBeGreaterThan(lease.token);
      expect((await store.leases.findAll([key]))[0]).not.toHaveProperty('needs');
      // Once taken the need is over.
      await other.release(taken!);
      expect(await store.leases.findAll([key])).toEqual([]);
      expect(await store.leases.acquire(key, { owner, ...knowing([]) })).toMatchObject({ owner });
    }),

    fact(
      'gives a lease that needs something to one who takes it by force, or does not care',
      async ({ store, name }) => {
        for (const how of [{ force: true, knows: [] }, {}]) {
          const lease = await take(store, name('lease'));
          await store.leases.release(lease, { needs: 'order.placed@3' });
          const owner = randomUUID();
          const taken = await store.leases.acquire(lease.key, { owner, ttlMs: LONG, ...how });
          expect(taken).toMatchObject({ owner });
          expect(taken?.token).toBeGreaterThan(lease.token);
        }
      },
    ),

    fact('forgets leases that are free, and none that is held', async ({ store, connect, fixture, name }) => {
      const [held, dead, freed, never] = [name('lease'), name('lease'), name('lease'), name('lease')];
      const lease = await take(store, held);
      await take(store, dead, SHORT);
      await store.leases.release(await take(store, freed), { needs: 'order.placed@3' });
      await fixture.elapse(SHORT + 50);
      const { leases } = await connect();
      await leases.forget([held, dead, freed, never]);
      await leases.forget([]);
      expect(await leases.findAll([held, dead, freed, never])).toEqual([{ ...lease, isExpired: false }]);
      expect(await store.leases.renew(lease, LONG)).toMatchObject({ token: lease.token });
      for (const key of [dead, freed]) expect(await take(store, key)).toMatchObject({ token: 1 });
    }),

    fact('frees nothing for one who has lost the lease', async ({ store, name }) => {
      const lost = await take(store, name('lease'));
      const owner = randomUUID();
      const held = await store.leases.acquire(lost.key, { owner, ttlMs: LONG, force: true });
      await store.leases.release(lost);
      expect(held).toBeDefined();
      expect(await store.leases.find(lost.key)).toEqual(held);
    }),
  ],
};

/** Checks an adapter's `LeaseStore`: call it in a spec file. */
export function leaseContract(fixture: StoreFixture): void {
  runContract(leaseSuite, fixture);
}
