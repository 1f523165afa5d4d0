import { describe, expect, it } from 'vitest';
import { DocumentMemory } from './document-memory.js';

const heavy = (id: string) => ({ _id: id, text: 'x'.repeat(1_000) });

describe('DocumentMemory', () => {
  // Bounded by number only, a build of documents of 10 kB each held half a gigabyte.
  it('forgets the oldest documents where they weigh too much, but not that they are there', () => {
    const memory = new DocumentMemory(true, 2_500);
    for (const id of ['a', 'b', 'c']) memory.note('m', id, heavy(id), 'stream-1');
    expect(['a', 'b', 'c', 'd'].map((id) => memory.recall('m', id))).toEqual([
      'unknown',
      heavy('b'),
      heavy('c'),
      undefined,
    ]);
    expect([memory.feederOf('m', 'a'), memory.feederOf('m', 'b')]).toEqual([undefined, 'stream-1']);
  });

  it('counts what was replaced, removed or forgotten no more', () => {
    const memory = new DocumentMemory(true, 2_500);
    for (let round = 0; round < 5; round += 1) {
      memory.note('m', 'a', heavy('a'));
      memory.note('m', 'b', heavy('b'));
      memory.note('m', 'c', heavy('c'));
      memory.note('m', 'c', undefined);
      memory.forget('m', 'a');
    }
    memory.forgetContents('m');
    memory.note('m', 'a', heavy('a'));
    memory.note('m', 'b', heavy('b'));
    expect(['a', 'b', 'c'].map((id) => memory.recall('m', id))).toEqual([heavy('a'), heavy('b'), undefined]);
  });
});
