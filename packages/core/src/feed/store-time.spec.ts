import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counterOf, minusSeconds, secondsOf, storeTime } from './store-time.js';

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('a store time', () => {
  it('sorts as text as it does in time', () => {
    fc.assert(
      fc.property(uint32, uint32, uint32, uint32, (seconds, counter, otherSeconds, otherCounter) => {
        const [a, b] = [storeTime(seconds, counter), storeTime(otherSeconds, otherCounter)];
        expect(a < b).toBe(seconds < otherSeconds || (seconds === otherSeconds && counter < otherCounter));
      }),
    );
  });

  it('tells its seconds and its counter', () => {
    fc.assert(
      fc.property(uint32, uint32, (seconds, counter) => {
        const time = storeTime(seconds, counter);
        expect([time.length, secondsOf(time), counterOf(time)]).toEqual([16, seconds, counter]);
      }),
    );
  });

  it('goes back by seconds, and not before the beginning', () => {
    expect(minusSeconds(storeTime(100, 7), 40)).toBe(storeTime(60, 7));
    expect(minusSeconds(storeTime(10, 7), 40)).toBe(storeTime(0, 7));
  });
});
