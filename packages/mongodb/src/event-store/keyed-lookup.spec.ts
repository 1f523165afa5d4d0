import { randomUUID } from 'node:crypto';
import { systemEnvironment, type StoreTime } from '@nestfold/core';
import type { Binary } from 'mongodb';
import { describe, expect, it, vi } from 'vitest';
import { sampleCommit } from '../../test/sample-commit.js';
import { KeyedLookup } from './keyed-lookup.js';

const soon = (): number => systemEnvironment.now() + 5_000;
const TIME = '0000000100000001' as StoreTime;

describe('KeyedLookup', () => {
  it('finds each its own, by id and stream', async () => {
    const commitId = randomUUID();
    const { document } = sampleCommit('order-1', { commitId, keyed: true });
    const lookup = new KeyedLookup(systemEnvironment, { keyed: async () => ({ stubs: [document], time: TIME }) });
    const { c: other } = sampleCommit('order-1').document;
    await expect(
      Promise.all([
        lookup.find('order-1', document.c, soon()),
        lookup.find('order-2', document.c, soon()),
        lookup.find('order-1', other, soon()),
      ]),
    ).resolves.toEqual([{ stub: document, time: TIME }, undefined, undefined]);
  });

  it('shares reads, of which each begins after what it answers was asked', async () => {
    const reads: { ids: readonly Binary[]; end: () => void }[] = [];
    const lookup = new KeyedLookup(systemEnvironment, {
      keyed: (ids) => new Promise((resolve) => reads.push({ ids, end: () => resolve({ stubs: [], time: TIME }) })),
    });
    const id = (): Binary => sampleCommit('order-1').document.c;
    const all = [lookup.find('order-1', id(), soon())];
    await Promise.resolve();
    all.push(lookup.find('order-1', id(), soon()));
    await Promise.resolve();
    all.push(...Array.from({ length: 3 }, () => lookup.find('order-1', id(), soon())));
    await Promise.resolve();
    expect(reads.map(({ ids }) => ids.length)).toEqual([1, 1]);
    reads[0]?.end();
    await vi.waitFor(() => expect(reads.map(({ ids }) => ids.length)).toEqual([1, 1, 3]), 10_000);
    for (const read of reads) read.end();
    await Promise.all(all);
  });

  it('tells all that shared a read when it fails, and goes on', async () => {
    const keyed = vi.fn().mockRejectedValueOnce(new Error('down')).mockResolvedValue({ stubs: [], time: TIME });
    const lookup = new KeyedLookup(systemEnvironment, { keyed });
    const { c } = sampleCommit('order-1').document;
    const [one, other] = [lookup.find('order-1', c, soon()), lookup.find('order-1', c, soon())];
    await expect(one).rejects.toThrow('down');
    await expect(other).rejects.toThrow('down');
    await expect(lookup.find('order-1', c, soon())).resolves.toBeUndefined();
  });

  it('answers each at its own deadline, however long the read that it shares goes on', async () => {
    // Without the look at deadlines the first one waits for the read, which may take 30 s (tried).
    const reads: { deadline: number; end: () => void }[] = [];
    const lookup = new KeyedLookup(systemEnvironment, {
      keyed: (_, deadline) =>
        new Promise((resolve) => reads.push({ deadline, end: () => resolve({ stubs: [], time: TIME }) })),
    });
    const { c } = sampleCommit('order-1').document;
    const patient = soon();
    const [hurried, other] = [
      lookup.find('order-1', c, systemEnvironment.now() + 30),
      lookup.find('order-1', c, patient),
    ];
    await expect(hurried).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(reads.map(({ deadline }) => deadline)).toEqual([patient]);
    reads[0]?.end();
    await expect(other).resolves.toBeUndefined();
  });

  it('does not read for those who are gone', async () => {
    const reads: (() => void)[] = [];
    const lookup = new KeyedLookup(systemEnvironment, {
      keyed: () => new Promise((resolve) => reads.push(() => resolve({ stubs: [], time: TIME }))),
    });
    const { c } = sampleCommit('order-1').document;
    const busy = [lookup.find('order-1', c, soon())];
    await Promise.resolve();
    busy.push(lookup.find('order-1', c, soon()));
    await Promise.resolve();
    await expect(lookup.find('order-1', c, systemEnvironment.now() + 30)).rejects.toThrow('in time');
    for (const end of reads) end();
    await Promise.all(busy);
    await new Promise((resolve) => setImmediate(resolve));
    expect(reads).toHaveLength(2);
  });
});
