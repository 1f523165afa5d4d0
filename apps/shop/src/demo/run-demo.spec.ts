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

  it('lists the wrong ones with what was wrong', () => {
    const results = [
      { title: 'browse', note: '', latencies },
      { title: 'order', note: '', latencies, wrong: 'no order' },
    ];
    expect(summary(results, latencies)).toMatch(/1 of 2 steps wrong:\n {2}order: no order$/);
  });
});
