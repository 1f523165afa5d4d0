import {
  StoreUnavailable,
  systemEnvironment,
  type Checkpoint,
  type Generation,
  type StoreConnection,
  type StreamName,
} from '@nestfold/core';
import { expect, it } from 'vitest';
import { StreamLooks } from './stream-looks.js';

const generation = { id: 'order-view.1.1', partitions: 1 } as Generation;

/** A store whose looks are answered when the test says so. */
function scripted() {
  const looks: { readonly streams: readonly StreamName[]; answer(applied: number): void; fail(): void }[] = [];
  const connection = {
    checkpoints: {
      find: () => Promise.resolve<Checkpoint | undefined>(undefined),
      watermarks: (_key: string, streams: readonly StreamName[]) =>
        new Promise((resolve, reject) =>
          looks.push({
            streams,
            answer: (applied) =>
              resolve(new Map(streams.map((stream) => [stream, { stream, seen: applied, applied }]))),
            fail: () => reject(new StoreUnavailable('away')),
          }),
        ),
    },
    parked: { among: () => Promise.resolve([]) },
  } as unknown as StoreConnection;
  return { looks, of: new StreamLooks({ connection, environment: systemEnvironment }) };
}

/** As many microtasks as it takes. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

// Asked by each for himself, a thousand who waited took three reads each, thirty times a second: a lease took 1.2 s to be acquired beside them.
it('those who wait for one partition are one question', async () => {
  const { looks, of } = scripted();
  const all = Array.from({ length: 1_000 }, (_, index) => of.at(generation, `order-${index}`));
  await turn();
  expect(looks.map(({ streams }) => streams.length)).toEqual([1_000]);
  looks[0]!.answer(3);
  expect((await Promise.all(all)).every(({ applied }) => applied === 3)).toBe(true);
});

// Answered by the look on its way, somebody would be told that a stream is parked which was free when he asked.
it('who asks while a look is on its way is answered by the next one, with all who came meanwhile', async () => {
  const { looks, of } = scripted();
  const first = of.at(generation, 'order-1');
  await turn();
  const later = [of.at(generation, 'order-1'), of.at(generation, 'order-2'), of.at(generation, 'order-2')];
  await turn();
  expect(looks).toHaveLength(1);
  looks[0]!.answer(1);
  expect((await first).applied).toBe(1);
  await turn();
  expect(looks[1]?.streams).toEqual(['order-1', 'order-2']);
  looks[1]!.answer(2);
  expect((await Promise.all(later)).map(({ applied }) => applied)).toEqual([2, 2, 2]);
});

it('a look that fails is told to those who asked it, and the next one is made all the same', async () => {
  const { looks, of } = scripted();
  const failing = of.at(generation, 'order-1');
  await turn();
  const next = of.at(generation, 'order-1');
  looks[0]!.fail();
  await expect(failing).rejects.toThrow('away');
  await turn();
  looks[1]!.answer(4);
  expect((await next).applied).toBe(4);
});

it('a look that stands still holds up nobody who waits for another partition', async () => {
  const { looks, of } = scripted();
  const still = of.at(generation, 'order-1');
  await turn();
  const other = of.at({ ...generation, id: 'order-view.1.2' }, 'order-1');
  await turn();
  looks[1]!.answer(5);
  expect((await other).applied).toBe(5);
  looks[0]!.answer(1);
  await still;
});
