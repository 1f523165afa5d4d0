import { Decimal } from '@nestfold/core';
import { BSON } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { storedSizeOf } from './stored-size.js';

describe('storedSizeOf', () => {
  it.each([
    ['many small numbers', { list: Array.from({ length: 10_000 }, () => 1) }],
    ['many empty objects', { list: Array.from({ length: 10_000 }, () => ({})) }],
    ['texts of more than one byte a character', { text: 'ü€😀'.repeat(1_000) }],
    ['short fields', Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, null]))],
    ['dates and fractions', { at: new Date(0), sizes: [0.1, 1e300, -1] }],
  ])('is not less than what %s take in a document, and not twice as much', (_, data) => {
    const stored = BSON.serialize(data).length;
    expect(storedSizeOf(data)).toBeGreaterThanOrEqual(stored);
    expect(storedSizeOf(data)).toBeLessThan(2 * stored + 100);
  });

  it('counts a decimal as what a store makes of it', () => {
    expect(storedSizeOf({ total: Decimal.of('1.50') })).toBe(5 + 5 + 2 + 16);
  });
});
