import { describe, expect, it } from 'vitest';
import { latenciesOf, percentile } from './statistics.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => count - index);

describe('percentile', () => {
  it('is a value that was measured, by nearest rank, in whatever order they came', () => {
    expect(percentile(upTo(100), 0.5)).toBe(50);
    expect(percentile(upTo(100), 0.99)).toBe(99);
    expect(percentile(upTo(101), 0.99)).toBe(100);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([3, 1], 0)).toBe(1);
  });

  it('is nothing without values', () => {
    expect(percentile([], 0.5)).toBeUndefined();
    expect(latenciesOf([])).toEqual({ calls: 0, p50: undefined, p99: undefined });
  });

  it('sorts numbers as numbers and leaves its input alone', () => {
    const values = [10, 9, 100];
    expect(latenciesOf(values)).toEqual({ calls: 3, p50: 10, p99: 100 });
    expect(values).toEqual([10, 9, 100]);
  });
});
