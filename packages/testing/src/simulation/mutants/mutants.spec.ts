import { describe, expect, it } from 'vitest';
import { describeFailure } from '../describe-failure.js';
import { runSeeds } from '../run-seeds.js';
import { mutants } from './mutants.fixture.js';

/** Within so many seeds each missing protection is found: a simulation that needed more would prove too little in 2,000. */
const SEEDS = 150;

describe('simulation of what lacks one protection', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    `finds '%s' within ${SEEDS} seeds, and nothing in the same runs with it [T-4]`,
    { timeout: 300_000 },
    async (name, { alter, scenario, profile, shows }) => {
      const runs = { from: 1, ...(profile && { profile }) };
      const { failed, passed } = await runSeeds({
        ...runs,
        seeds: SEEDS,
        stopAfter: 1,
        ...(alter && { alter }),
        ...(scenario && { scenario }),
      });

      const [first] = failed;
      expect(first, `'${name}' survived ${SEEDS} seeds`).toBeDefined();
      console.info(`'${name}' is found at seed ${first?.seed}.`);
      const broken = first?.violations.map(({ rule }) => rule) ?? [];
      expect(
        shows.some((rule) => broken.includes(rule)),
        describeFailure(first!),
      ).toBe(true);
      const whole = await runSeeds({ ...runs, seeds: passed + 1 });
      expect(whole.failed.map(describeFailure).join('\n')).toBe('');
    },
  );
});
