import { storeTime } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { noWork, withPartition } from './sample-partition.js';

/** How far each stream got. */
export const watermarkCases = [
  fact('tells the latest watermark of each stream that has one', async ({ store, connect, stream, name }) => {
    const key = name('partition');
    const [one, other, unknown] = [stream(), stream(), stream()];
    await withPartition(store, key, async (partition) => {
      await partition.write(noWork, {
        watermarks: {
          time: storeTime(5, 1),
          rows: [
            { stream: one, seen: 3, applied: 3 },
            { stream: other, seen: 9, applied: 7 },
          ],
        },
      });
      await partition.write(noWork, {
        watermarks: { time: storeTime(6, 1), rows: [{ stream: one, seen: 5, applied: 4 }] },
      });
      await partition.write(noWork);
    });
    const watermarks = await (await connect()).checkpoints.watermarks(key, [one, other, unknown]);
    expect([...watermarks.keys()].toSorted()).toEqual([one, other].toSorted());
    expect(watermarks.get(one)).toStrictEqual({ stream: one, seen: 5, applied: 4 });
    expect(watermarks.get(other)).toStrictEqual({ stream: other, seen: 9, applied: 7 });
  }),

  fact('keeps the watermarks of different partitions apart', async ({ store, stream, name }) => {
    const [key, otherKey, watched] = [name('partition'), name('partition'), stream()];
    for (const [one, seen] of [
      [key, 3],
      [otherKey, 8],
    ] as const) {
      await withPartition(store, one, (partition) =>
        partition.write(noWork, {
          watermarks: { time: storeTime(5, 1), rows: [{ stream: watched, seen, applied: seen }] },
        }),
      );
    }
    expect((await store.checkpoints.watermarks(key, [watched])).get(watched)?.seen).toBe(3);
    expect((await store.checkpoints.watermarks(otherKey, [watched])).get(watched)?.seen).toBe(8);
  }),

  fact('sweeps watermarks below the floor, and no other', async ({ store, stream, name }) => {
    const [key, otherKey] = [name('partition'), name('partition')];
    const [old, edge, fresh] = [stream(), stream(), stream()];
    const rows = (watched: string) => [{ stream: watched, seen: 1, applied: 1 }];
    for (const one of [key, otherKey]) {
      await withPartition(store, one, async (partition) => {
        await partition.write(noWork, { watermarks: { time: storeTime(5, 1), rows: [...rows(old), ...rows(fresh)] } });
        await partition.write(noWork, { watermarks: { time: storeTime(6, 1), rows: rows(edge) } });
        await partition.write(noWork, {
          watermarks: { time: storeTime(7, 1), rows: [{ stream: fresh, seen: 2, applied: 2 }] },
        });
      });
    }
    await store.checkpoints.sweep(key, storeTime(6, 1));
    const left = await store.checkpoints.watermarks(key, [old, edge, fresh]);
    expect([...left.keys()].toSorted()).toEqual([edge, fresh].toSorted());
    expect(left.get(fresh)?.seen).toBe(2);
    expect((await store.checkpoints.watermarks(otherKey, [old])).get(old)?.seen).toBe(1);
  }),

  fact(
    'forgets a removed partition: its checkpoint, its watermarks, and its owner',
    async ({ store, stream, name }) => {
      const [key, watched] = [name('partition'), stream()];
      await withPartition(store, key, async (partition) => {
        await partition.write(noWork, {
          watermarks: { time: storeTime(5, 1), rows: [{ stream: watched, seen: 1, applied: 1 }] },
        });
        expect((await store.checkpoints.watermarks(key, [watched])).size).toBe(1);
        await store.checkpoints.remove(key);
        expect(await store.checkpoints.find(key)).toBeUndefined();
        expect((await store.checkpoints.watermarks(key, [watched])).size).toBe(0);
        expect(await partition.write(noWork)).toEqual({ kind: 'fenced' });
        expect(await store.checkpoints.find(key)).toBeUndefined();
      });
    },
  ),
];
