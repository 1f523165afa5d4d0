import { describe, expect, it } from 'vitest';
import { sliceOf, SLICES } from './slice.js';

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
