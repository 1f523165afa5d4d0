import { randomUUID } from 'node:crypto';
import type { StoreTime } from '@nestfold/core';
import type { Binary } from 'mongodb';
import { describe, expect, it, vi } from 'vitest';
import { sampleCommit } from '../../test/sample-commit.js';
import { KeyedLookup } from './keyed-lookup.js';

const TIME = '0000000100000001' as StoreTime;

describe('KeyedLookup', () => {
  it('finds each its own, by id and stream', async () => {
    const commitId = randomUUID();
    const { document } = sampleCommit('order-1', { commitId, keyed: true });
    const lookup = new KeyedLookup({ keyed: async () => ({ stubs: [document], time: TIME }) });
    const { c: other } = sampleCommit('order-1').document;
    await expect(
      Promise.all([
        lookup.find('order-1', document.c),
        lookup.find('order-2', document.c),
        lookup.find('order-1', other),
      ]),
    ).resolves.toEqual([{ stub: document, time: TIME }, undefined, undefined]);
  });

  it('shares reads, of which each begins after what it answers was asked', async () => {
    const reads: { ids: readonly Binary[]; end: () => void }[] = [];
    const lookup = new KeyedLookup({
      keyed: (ids) => new Promise((resolve) => reads.push({ ids, end: () => resolve({ stubs: [], time: TIME }) })),
    });
    const id = (): Binary => sampleCommit('order-1').document.c;
    const all = [lookup.find('order-1', id())];
    await Promise.resolve();
    all.push(lookup.find('order-1', id()));
    await Promise.resolve();
    all.push(...Array.from({ length: 3 }, () => lookup.find('order-1', id())));
    await Promise.resolve();
    expect(reads.map(({ ids }) => ids.length)).toEqual([1, 1]);
    reads[0]?.end();
    await vi.waitFor(() => expect(reads.map(({ ids }) => ids.length)).toEqual([1, 1, 3]));
    for (const read of reads) read.end();
    await Promise.all(all);
  });

  it('tells all that shared a read when it fails, and goes on', async () => {
    const keyed = vi.fn().mockRejectedValueOnce(new Error('down')).mockResolvedValue({ stubs: [], time: TIME });
    const lookup = new KeyedLookup({ keyed });
    const { c } = sampleCommit('order-1').document;
    const [one, other] = [lookup.find('order-1', c), lookup.find('order-1', c)];
    await expect(one).rejects.toThrow('down');
    await expect(other).rejects.toThrow('down');
    await expect(lookup.find('order-1', c)).resolves.toBeUndefined();
  });
});
