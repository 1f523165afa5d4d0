import { describe, expect, it } from 'vitest';
import { isInSlices, partitionOf, sliceOf, sliceRange, SLICES } from './slice.js';

describe('sliceOf', () => {
  it.each([
    // The published values of FNV-1a 32.
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['b', 0xe70c2de5],
    ['foobar', 0xbf9cf968],
    ['chongo was here!\n', 0xd49930d5],
  ])('is FNV-1a 32 of %j modulo 1,024', (stream, hash) => {
    expect(sliceOf(stream)).toBe(hash % SLICES);
  });

  it('hashes the UTF-8 bytes, not the UTF-16 units', () => {
    // FNV-1a 32 of the bytes c3 a4: of the unit 00e4 it would be another one.
    const ofBytes = [0xc3, 0xa4].reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
    expect(sliceOf('ä')).toBe(ofBytes % SLICES);
  });

  it('spreads streams over all slices', () => {
    const slices = new Set(Array.from({ length: 20_000 }, (_, index) => sliceOf(`order-${index}`)));
    expect(slices.size).toBe(SLICES);
  });
});

describe('the partitions of a generation', () => {
  it.each([1, 2, 3, 4, 7, 8, 16, 100, 1023, 1024])('own, when there are %i, each slice once', (partitions) => {
    const ranges = Array.from({ length: partitions }, (_, partition) => sliceRange(partition, partitions));
    expect(ranges[0]?.from).toBe(0);
    expect(ranges.at(-1)?.to).toBe(SLICES);
    for (const [index, { from, to }] of ranges.entries()) {
      expect(to).toBeGreaterThan(from);
      if (index > 0) expect(from).toBe(ranges[index - 1]?.to);
    }
    for (let n = 0; n < 3_000; n += 1) {
      const stream = `order-${n}`;
      expect(isInSlices(stream, ranges[partitionOf(stream, partitions)])).toBe(true);
    }
  });

  it('are between one and as many as there are slices', () => {
    for (const [partition, partitions] of [
      [0, 0],
      [0, 1025],
      [0, 1.5],
      [4, 4],
      [-1, 4],
    ] as const)
      expect(() => sliceRange(partition, partitions)).toThrow(RangeError);
  });
});
