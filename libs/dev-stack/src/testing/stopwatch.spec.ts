import { describe, expect, it } from 'vitest';
import { Stopwatch } from './stopwatch.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a stopwatch', () => {
  it('counts what a test waits for, and no time in which its process did not run', async () => {
    const begun = performance.now();
    const watch = Stopwatch.start();
    await pause(400);
    // As a machine does that stands still: nothing of this process goes on.
    for (const until = performance.now() + 1_000; performance.now() < until;);
    await pause(40);
    const showed = watch.stop();
    expect(showed).toBeGreaterThan(200);
    expect(performance.now() - begun - showed).toBeGreaterThan(500);
  });
});
