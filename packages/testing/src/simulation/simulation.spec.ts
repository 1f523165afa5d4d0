import { describe, expect, it } from 'vitest';
import { describeFailure } from './describe-failure.js';
import { runSeeds } from './run-seeds.js';
import { simulate } from './simulate.js';

/** Few enough for every `npm test`; `npm run test:simulation` runs thousands. */
const SEEDS = 150;

describe('simulation', () => {
  it(
    `breaks no promise in the first ${SEEDS} seeds [F-1, F-4, P-1, P-3, E-1, B-2, B-4, V-1, B-11, D-1, D-3, D-5, X-10]`,
    { timeout: 300_000 },
    async () => {
      const { failed, passed, counts } = await runSeeds({ from: 1, seeds: SEEDS, stopAfter: 3 });

      expect(failed.map(describeFailure).join('\n')).toBe('');
      expect(passed).toBe(SEEDS);
      // A simulation in which nothing happens would pass as well.
      expect(counts.troubles).toBeGreaterThan(2 * SEEDS);
      expect(counts.swaps).toBeGreaterThan(SEEDS);
      expect(counts.commits).toBeGreaterThan(5 * SEEDS);
    },
  );

  it('replays a seed to the last call, and no two seeds are alike [T-4]', async () => {
    const runs = [await simulate(7), await simulate(7, { detailed: true }), await simulate(8)];

    expect(runs[1]?.fingerprint).toBe(runs[0]?.fingerprint);
    expect(runs[1]?.counts).toEqual(runs[0]?.counts);
    expect(runs[2]?.fingerprint).not.toBe(runs[0]?.fingerprint);
  });
});
