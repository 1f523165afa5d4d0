import { STREAM_REBUILDS, type StreamRebuildRequest } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { liveGeneration, newGeneration } from './sample-generation.js';

const at = new Date(1_000);
const request = (id: string, stream = 'order-1'): StreamRebuildRequest => ({ id, stream, by: 'ada', at });
const done = { state: 'done', endedAt: new Date(2_000), version: 3 } as const;

/** How rebuilds of single streams are asked for, and how they ended. */
export const streamRebuildCases = [
  fact('keeps a request to rebuild a stream, and how it ended', async ({ store, connect, name }) => {
    const { id } = await liveGeneration(store, name('orders'));
    expect(await store.generations.requestStreamRebuild(id, request('r1'))).toStrictEqual({
      ...request('r1'),
      state: 'requested',
    });
    const elsewhere = (await connect()).generations;
    await elsewhere.endStreamRebuild(id, 'r1', done);
    const ended = { ...request('r1'), ...done };
    expect((await store.generations.generation(id))?.streamRebuilds).toStrictEqual([ended]);
    // An end is for good, and only of the request that it names.
    const failed = { state: 'failed', endedAt: at, error: { code: 'x', message: 'y', event: 'order-1:2' } } as const;
    await store.generations.endStreamRebuild(id, 'r1', failed);
    await store.generations.endStreamRebuild(id, 'r0', failed);
    expect((await elsewhere.generation(id))?.streamRebuilds).toStrictEqual([ended]);
    expect(await elsewhere.requestStreamRebuild(id, request('r2'))).toMatchObject({ id: 'r2', state: 'requested' });
    await store.generations.endStreamRebuild(id, 'r2', failed);
    expect((await elsewhere.generation(id))?.streamRebuilds).toStrictEqual([{ ...request('r2'), ...failed }]);
  }),

  fact('answers the request of a stream that waits already', async ({ store, connect, name }) => {
    const { id } = await liveGeneration(store, name('orders'));
    const elsewhere = (await connect()).generations;
    const asked = await Promise.all(
      ['r1', 'r2', 'r3'].map((one, index) =>
        (index % 2 === 0 ? store.generations : elsewhere).requestStreamRebuild(id, request(one)),
      ),
    );
    const [first] = (await store.generations.generation(id))?.streamRebuilds ?? [];
    expect(first).toMatchObject({ state: 'requested', stream: 'order-1' });
    expect(asked).toStrictEqual([first, first, first]);
    await store.generations.requestStreamRebuild(id, request('r4', 'order-2'));
    expect((await elsewhere.generation(id))?.streamRebuilds).toHaveLength(2);
  }),

  fact('takes no request for a generation that is not live', async ({ store, name }) => {
    const { id } = await store.generations.begin(newGeneration(name('orders')));
    expect(await store.generations.requestStreamRebuild(id, request('r1'))).toBeUndefined();
    expect((await store.generations.generation(id))?.streamRebuilds ?? []).toStrictEqual([]);
    await store.generations.cancel(id);
    expect(await store.generations.requestStreamRebuild(id, request('r1'))).toBeUndefined();
    const live = await liveGeneration(store, name('others'));
    expect(await store.generations.requestStreamRebuild(live.id, request('r1'))).toBeDefined();
  }),

  fact('lets no more of them wait than may, and forgets those that ended long ago', async ({ store, name }) => {
    const { id } = await liveGeneration(store, name('orders'));
    for (let n = 0; n < STREAM_REBUILDS.waiting; n += 1)
      expect(await store.generations.requestStreamRebuild(id, request(`r${n}`, `order-${n}`))).toBeDefined();
    expect(await store.generations.requestStreamRebuild(id, request('more', 'order-more'))).toBeUndefined();
    for (let n = 0; n < STREAM_REBUILDS.waiting; n += 1) await store.generations.endStreamRebuild(id, `r${n}`, done);
    expect(await store.generations.requestStreamRebuild(id, request('more', 'order-more'))).toBeDefined();
    const all = (await store.generations.generation(id))?.streamRebuilds ?? [];
    expect(all.map((one) => one.id)).toStrictEqual([
      ...Array.from(
        { length: STREAM_REBUILDS.ended },
        (_, n) => `r${STREAM_REBUILDS.waiting - STREAM_REBUILDS.ended + n}`,
      ),
      'more',
    ]);
  }),
];
