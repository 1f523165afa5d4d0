import type { SimulationResult } from './simulate.js';

const VIOLATIONS = 5;
const LINES = 25;

/** A failed seed in words: what was broken, what had happened, and how to see it again. */
export function describeFailure({ seed, violations, trace, fingerprint }: SimulationResult): string {
  const more = violations.length > VIOLATIONS ? [`  … and ${violations.length - VIOLATIONS} more`] : [];
  return [
    `seed ${seed} failed (run ${fingerprint}):`,
    ...violations.slice(0, VIOLATIONS).map(({ rule, message }) => `  ${rule}: ${message}`),
    ...more,
    '  what happened:',
    ...trace.slice(-LINES).map((line) => `    ${line}`),
    `  see it again, with every call: npm run test:simulation -- --from ${seed} --seeds 1 --trace`,
  ].join('\n');
}
