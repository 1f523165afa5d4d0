import { describe, expect, it } from 'vitest';
import { pauseAfter } from './pause.js';

const longest = { random: () => 0.999999 };

describe('the pause before a stream is opened again', () => {
  it('doubles with each failure, up to five seconds', () => {
    expect([1, 2, 3, 4].map((failures) => Math.round(pauseAfter(failures, longest)))).toEqual([50, 100, 200, 400]);
    expect(Math.round(pauseAfter(500, longest))).toBe(5_000);
  });

  it('differs from process to process, by up to half', () => {
    expect(pauseAfter(3, { random: () => 0 })).toBe(100);
  });
});
