import { describe, expect, it } from 'vitest';
import { alone, compare } from './result.js';
import { inWords, missedBy, targetsOf } from './targets.js';

describe('targets', () => {
  it('are missed by what is below, above, or no number', () => {
    expect(missedBy(compare('history', 81, 100, 'events/s'))).toEqual([]);
    expect(missedBy(compare('history', 79, 100, 'events/s'))).toHaveLength(1);
    expect(missedBy(compare('live.p50', 8.1, 9, 'ms'))).toHaveLength(1);
    expect(missedBy(compare('rebuild.parallel', 49_000, 100_000, 'events/s'))).toHaveLength(2);
    expect(missedBy(alone('rebuild.under-load.rollback', Number.NaN, 'ms'))).toHaveLength(1);
    expect(missedBy(compare('no such figure', 1, 100, '/s'))).toEqual([]);
  });

  it('are said in a few characters', () => {
    expect(targetsOf(compare('rebuild.parallel', 1, 1, 'events/s')).map(inWords)).toEqual(['≥ 0.8×', '≥ 50000']);
    expect(targetsOf(compare('load.10', 1, 1, 'ms')).map(inWords)).toEqual(['≤ 1.176×']);
  });
});
