import { isStoreUnavailable } from '@nestfold/core';
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { ReadTurns } from './read-turns.js';

/** Reads that end when they are told to. */
function reads(turns: ReadTurns) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const read = (name: string, withinMs?: number): Promise<string> =>
    turns.take(
      name,
      () => {
        begun.push(name);
        return new Promise((resolve) => ends.set(name, () => resolve(name)));
      },
      withinMs,
    );
  return { begun, read, end: (name: string) => ends.get(name)?.() };
}

describe('ReadTurns', () => {
  // Without them a flood of reads took all connections: a lease, a swap and a batch waited behind thousands, for as long as that took.
  it('let so many through at once, the others in the order in which they came', async () => {
    const { begun, read, end } = reads(new ReadTurns(2));
    const all = ['a', 'b', 'c', 'd'].map((name) => read(name));
    expect(begun).toEqual(['a', 'b']);
    end('b');
    await all[1];
    await expect.poll(() => begun).toEqual(['a', 'b', 'c']);
    end('a');
    await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'd']);
    ['c', 'd'].forEach(end);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('pass over those who went when their time was over, and leave no place taken', async () => {
    const { begun, read, end } = reads(new ReadTurns(1));
    const first = read('a');
    const impatient: unknown = await read('b', 1).catch((error: unknown) => error);
    expect(isStoreUnavailable(impatient) && impatient.message).toContain('b: too many reads wait');
    const third = read('c');
    end('a');
    await first;
    await expect.poll(() => begun).toEqual(['a', 'c']);
    end('c');
    await third;
    void read('d');
    expect(begun).toEqual(['a', 'c', 'd']);
  });

  // 10,000 appends at once, each with a minute, failed after 10 s on a busy machine.
  it('let a read wait for as long as its caller says', async () => {
    const { begun, read, end } = reads(new ReadTurns(1, 1));
    void read('a');
    const patient = read('b', 60_000);
    await expect(read('c')).rejects.toThrow('c: too many reads wait');
    end('a');
    await expect.poll(() => begun).toEqual(['a', 'b']);
    end('b');
    await patient;
  });

  it('go on after a read that failed', async () => {
    const turns = new ReadTurns(1);
    await expect(turns.take('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await turns.take('b', () => Promise.resolve(1))).toBe(1);
  });

  it.each([
    [20, 10],
    [1, 1],
    [0, 50],
  ])('of a pool of %d connections take half, and all where there is no limit', async (maxPoolSize, expected) => {
    const client = new MongoClient('mongodb://localhost', { maxPoolSize });
    const { begun, read } = reads(ReadTurns.of(client));
    for (let index = 0; index < 50; index += 1) void read(String(index), 1).catch(() => undefined);
    expect(begun).toHaveLength(expected);
    await client.close();
  });
});
