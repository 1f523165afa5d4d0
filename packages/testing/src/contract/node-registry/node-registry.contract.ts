import { randomUUID } from 'node:crypto';
import type { NodeDescription, NodeRecord, StoreConnection } from '@nestfold/core';
import { expect } from 'vitest';
import { fact, type ContractSuite } from '../contract-case.js';
import type { StoreFixture } from '../fixture.js';
import { runContract } from '../run-contract.js';

function node(more: Partial<NodeDescription> = {}): NodeDescription {
  return {
    id: randomUUID(),
    host: 'ada',
    pid: 7,
    build: '1.2.3',
    roles: ['commands', 'projections'],
    projections: { 'order-view': 3 },
    events: { 'order.placed': 2, 'order.paid': 1 },
    commands: ['PlaceOrder'],
    ...more,
  };
}

async function find(store: StoreConnection, id: string): Promise<NodeRecord | undefined> {
  return (await store.nodes.list()).find((one) => one.id === id);
}

/** The facts about `NodeRegistry`, as data. */
export const nodeRegistrySuite: ContractSuite = {
  name: 'the contract of a node registry',
  cases: [
    fact('shows a process to every connection as it described itself', async ({ store, connect }) => {
      const described = node();
      await store.nodes.beat(described);
      const found = await find(await connect(), described.id);
      expect(found).toMatchObject({ ...described, alive: true });
      expect(found?.startedAt).toBeInstanceOf(Date);
      expect(found?.seenAt).toBeInstanceOf(Date);
    }),

    fact('moves the last heartbeat and keeps the start', async ({ store, fixture }) => {
      const described = node();
      await store.nodes.beat(described);
      const first = await find(store, described.id);
      await fixture.elapse(20);
      await store.nodes.beat({ ...described, roles: ['commands'] });
      const second = await find(store, described.id);
      expect(second).toMatchObject({ startedAt: first?.startedAt, roles: ['commands'] });
      expect(second?.seenAt.getTime()).toBeGreaterThan(first?.seenAt.getTime() ?? Infinity);
    }),

    fact(
      'calls a process dead when it has missed its heartbeats, and alive at its next one',
      async ({ store, fixture }) => {
        const described = node();
        await store.nodes.beat(described);
        await fixture.silence(described.id);
        expect(await find(store, described.id)).toMatchObject({ alive: false });
        await store.nodes.beat(described);
        expect(await find(store, described.id)).toMatchObject({ alive: true });
      },
    ),

    fact('forgets a process that leaves, and no other', async ({ store }) => {
      const [stays, leaves] = [node(), node()];
      await store.nodes.beat(stays);
      await store.nodes.beat(leaves);
      await store.nodes.leave(leaves.id);
      expect(await find(store, leaves.id)).toBeUndefined();
      expect(await find(store, stays.id)).toMatchObject({ id: stays.id });
    }),
  ],
};

/** Checks an adapter's `NodeRegistry`: call it in a spec file. */
export function nodeRegistryContract(fixture: StoreFixture): void {
  runContract(nodeRegistrySuite, fixture);
}
