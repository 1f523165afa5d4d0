import { describe, expect, it } from 'vitest';
import { summary } from './run-demo.js';

const latencies = { calls: 1_200, p50: 1.25, p99: 9.99 };
const none = { calls: 0, p50: undefined, p99: undefined };

describe("the demo's summary", () => {
  it('says that every step was right', () => {
    const text = summary([{ title: 'browse', note: '', latencies }], none);
    expect(text).toMatch(/browse +1,200 +1\.3 +10\.0 +yes/);
    expect(text).toMatch(/seen in a read model\) +0 +– +–$/m);
    expect(text.endsWith('every step right')).toBe(true);
  });

  it('says how often readers looked, and remarks on it when that was too seldom to show anything', () => {
    const text = summary([], none, [62.4]);
    expect(text).toMatch(/looks a second while rebuilding, 50 wanted\) +62$/m);
    expect(text).not.toContain('quiet machine');
    expect(summary([], none, [48.2])).toMatch(
      /48 looks a second only: try again on a quiet machine\.\nevery step right$/,
    );
  });

  it('lists the wrong ones with what was wrong', () => {
    const results = [
      { title: 'browse', note: '', latencies },
      { title: 'order', note: '', latencies, wrong: 'no order' },
    ];
    expect(summary(results, latencies)).toMatch(/1 of 2 steps wrong:\n {2}order: no order$/);
  });
});
