import { expect } from 'vitest';
import { noWork, withPartition } from '../checkpoint/sample-partition.js';
import { fact } from '../contract-case.js';
import { sampleParked, sampleRequest } from './sample-parked.js';

/** What operators see and ask for. */
export const requestCases = [
  fact('notes a request, the latest one, for the owner of the partition', async ({ store, connect, stream, name }) => {
    const [key, consumer] = [name('partition'), name('generation')];
    const parked = sampleParked(consumer, stream(), key);
    const [first, second] = [sampleRequest(parked), sampleRequest(parked, { kind: 'discard', by: 'bob' })];
    expect(await store.parked.request(parked.id, first)).toBeUndefined();
    await withPartition(store, key, (partition) => partition.write(noWork, { parked: { park: [parked] } }));
    expect(await store.parked.requested(key)).toEqual([]);
    const elsewhere = (await connect()).parked;
    expect(await elsewhere.request(parked.id, first)).toStrictEqual({ ...parked, request: first });
    expect(await elsewhere.request(parked.id, second)).toStrictEqual({ ...parked, request: second });
    expect(await store.parked.requested(key)).toStrictEqual([{ ...parked, request: second }]);
    expect(await store.parked.requested(name('partition'))).toEqual([]);
  }),

  fact('keeps a request until it is answered, and one that came meanwhile', async ({ store, stream, name }) => {
    const [key, consumer] = [name('partition'), name('generation')];
    const parked = sampleParked(consumer, stream(), key);
    const [first, second] = [sampleRequest(parked), sampleRequest(parked)];
    const failedAgain = { ...parked, attempts: 2 };
    await withPartition(store, key, async (partition) => {
      await partition.write(noWork, { parked: { park: [parked] } });
      await store.parked.request(parked.id, first);
      await partition.write(noWork, { parked: { park: [failedAgain], seen: [{ id: parked.id, seen: 4 }] } });
      expect(await store.parked.get(parked.id)).toStrictEqual({ ...failedAgain, seen: 4, request: first });
      await partition.write(noWork, { parked: { park: [{ ...failedAgain, answered: second.id }] } });
      expect((await store.parked.get(parked.id))?.request).toStrictEqual(first);
      await partition.write(noWork, { parked: { park: [{ ...failedAgain, answered: first.id }] } });
      expect(await store.parked.get(parked.id)).toStrictEqual(failedAgain);
      expect(await store.parked.requested(key)).toEqual([]);
    });
  }),

  fact('answers requests in the order in which they were made', async ({ store, stream, name }) => {
    const [key, consumer] = [name('partition'), name('generation')];
    const three = Array.from({ length: 3 }, () => sampleParked(consumer, stream(), key));
    await withPartition(store, key, (partition) => partition.write(noWork, { parked: { park: three } }));
    for (const [index, one] of [...three.entries()].reverse())
      await store.parked.request(one.id, sampleRequest(one, { at: new Date(5_000 + index) }));
    expect((await store.parked.requested(key)).map(({ id }) => id)).toEqual(three.map(({ id }) => id));
  }),

  fact('lists some consumers’ streams page by page, each once', async ({ store, stream, name }) => {
    const [key, one, two, three] = [name('partition'), name('generation'), name('generation'), name('generation')];
    const park = [one, one, two, two, two, three].map((consumer) => sampleParked(consumer, stream(), key));
    await withPartition(store, key, (partition) => partition.write(noWork, { parked: { park } }));
    const listed: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await store.parked.list({ consumers: [one, two], limit: 2, ...(after !== undefined && { after }) });
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(2);
      listed.push(...page.map(({ id }) => id));
      after = page.at(-1)?.id;
    }
    const expected = park.slice(0, 5).map(({ id }) => id);
    expect(listed).toEqual(expected.toSorted());
    expect(await store.parked.list({ consumers: [], limit: 2 })).toEqual([]);
    const among = await store.parked.among([park[1]!.id, name('nobody'), park[5]!.id]);
    expect(among.map(({ id }) => id).toSorted()).toEqual([park[1]!.id, park[5]!.id].toSorted());
  }),

  fact('counts a consumer’s streams, all of them and the latest ones', async ({ store, stream, name }) => {
    const [key, consumer] = [name('partition'), name('generation')];
    const park = [1_000, 2_000, 3_000].map((at) => sampleParked(consumer, stream(), key, { at: new Date(at) }));
    await withPartition(store, key, (partition) =>
      partition.write(noWork, { parked: { park: [...park, sampleParked(name('generation'), stream(), key)] } }),
    );
    expect(await store.parked.summary(consumer)).toStrictEqual({ parked: 3, oldest: new Date(1_000) });
    expect(await store.parked.summary(consumer, new Date(2_000))).toStrictEqual({ parked: 2, oldest: new Date(2_000) });
    expect(await store.parked.summary(consumer, new Date(3_001))).toStrictEqual({ parked: 0 });
  }),
];
