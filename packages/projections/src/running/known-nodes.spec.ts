import { InMemoryDatabase, systemEnvironment, type NodeDescription } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { memory } from '../fixtures/store.fixture.js';
import { KnownNodes } from './known-nodes.js';

const node = (id: string, version = 1, roles = ['projections']): NodeDescription => ({
  id,
  host: 'h',
  pid: 1,
  build: 'b',
  roles,
  projections: { orders: version, cards: version },
  events: {},
  commands: [],
});

/** The shares of some processes in a projection of so many partitions, as each sees its own. */
async function sharesOf(nodes: readonly NodeDescription[], projection: string, partitions: number): Promise<number[]> {
  const database = new InMemoryDatabase();
  const store = await memory(database);
  for (const one of nodes) await store.nodes.beat(one);
  return Promise.all(
    nodes.map(({ id }) =>
      new KnownNodes(store.nodes, systemEnvironment, { own: id, maxAgeMs: 0, silentMs: 60_000 }).shareOf(
        projection,
        1,
        partitions,
      ),
    ),
  );
}

describe('the shares of processes', () => {
  it.each([1, 2, 3, 4, 7, 8])(
    'come to all partitions, none more than one above another, among %i [P-9]',
    async (count) => {
      const nodes = Array.from({ length: count }, (_, index) => node(`n${index}`));
      for (const partitions of [1, 2, 4, 16]) {
        const shares = await sharesOf(nodes, 'orders', partitions);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(partitions);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }
    },
  );

  it('are of those that feed read models and have compiled the version', async () => {
    const nodes = [node('a'), node('b'), node('newer', 2), node('reader', 1, [])];
    expect((await sharesOf(nodes, 'orders', 8)).slice(0, 2)).toEqual([4, 4]);
  });

  it('spread the single partitions of many projections, and move few when a process joins', async () => {
    const nodes = Array.from({ length: 4 }, (_, index) => node(`n${index}`));
    const names = Array.from({ length: 200 }, (_, index) => `projection-${index}`);
    const ownersAmong = async (among: readonly NodeDescription[]): Promise<number[]> => {
      const compiled = among.map((one) => ({
        ...one,
        projections: Object.fromEntries(names.map((name) => [name, 1])),
      }));
      return Promise.all(names.map(async (name) => (await sharesOf(compiled, name, 1)).indexOf(1)));
    };
    const three = await ownersAmong(nodes.slice(0, 3));
    const four = await ownersAmong(nodes);
    for (const index of [0, 1, 2, 3]) expect(four.filter((owner) => owner === index).length).toBeGreaterThan(20);
    // Who did not move to the new process did not move at all.
    expect(four.every((owner, index) => owner === 3 || owner === three[index])).toBe(true);
  });

  it('leave out who has been silent for longer than the others', async () => {
    let now = 0;
    const store = await memory(new InMemoryDatabase(() => now));
    await store.nodes.beat(node('dead'));
    now = 5_000;
    await store.nodes.beat(node('alive'));
    const known = new KnownNodes(store.nodes, systemEnvironment, { own: 'alive', maxAgeMs: 0, silentMs: 3_000 });
    expect(await known.shareOf('orders', 1, 4)).toBe(4);
    expect(await known.hasOthers()).toBe(false);
    await store.nodes.beat(node('dead'));
    expect(await known.shareOf('orders', 1, 4)).toBe(2);
    expect(await known.hasOthers()).toBe(true);
  });
});
