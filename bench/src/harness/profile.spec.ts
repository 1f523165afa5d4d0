import { describe, expect, it } from 'vitest';
import { heaviest } from './profile.js';

const frame = (functionName: string, url = '') => ({
  functionName,
  url,
  scriptId: '1',
  lineNumber: 9,
  columnNumber: 0,
});

describe('a profile', () => {
  it('is told by the functions in which the time went, the same one once', () => {
    const profile = {
      startTime: 0,
      endTime: 100,
      nodes: [
        { id: 1, callFrame: frame('(idle)') },
        { id: 2, callFrame: frame('fold', 'file:///a/packages/projections/dist/fold.js') },
        { id: 3, callFrame: frame('fold', 'file:///a/packages/projections/dist/fold.js') },
      ],
      samples: [1, 2, 3],
      timeDeltas: [20, 50, 30],
    };
    expect(heaviest(profile)).toEqual([' 80.0 % fold projections/dist/fold.js:10', ' 20.0 % (idle)']);
  });
});
