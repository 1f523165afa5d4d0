import { Decimal } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { weightOf } from './weight.js';

describe('weightOf', () => {
  it('grows with texts, fields, items and depth', () => {
    expect(weightOf('x'.repeat(1_000)) - weightOf('')).toBe(1_000);
    const flat = weightOf({ a: 1, b: null });
    expect(weightOf({ a: 1, b: null, c: true })).toBeGreaterThan(flat);
    expect(weightOf({ a: 1, b: { c: { d: 'x'.repeat(500) } } })).toBeGreaterThan(flat + 500);
    expect(weightOf(Array.from({ length: 100 }, () => 'x'.repeat(10)))).toBeGreaterThan(2_000);
    expect(weightOf({ at: new Date(0), amount: Decimal.of('12.50') })).toBeLessThan(200);
  });
});
