// `npm run test:simulation [-- --seeds N --from S --trace]`: the deterministic simulation. Ends in `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
});
const seeds = whole('seeds', values.seeds);
const from = whole('from', values.from);

const { status } = spawnSync(`${root}node_modules/.bin/tsc`, ['-b', 'packages/testing'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

await import('reflect-metadata');
const { describeFailure, runSeeds } = await import('../packages/testing/dist/index.js');

// Simulated failures are many, and nobody looks at where they were made.
if (!values.trace) Error.stackTraceLimit = 0;
const begun = performance.now();
let told = begun;
const report = await runSeeds({
  from,
  seeds,
  detailed: values.trace,
  onSeed: (result, done) => {
    if (result.violations.length > 0) {
      if (values.trace) console.log(result.trace.join('\n'));
      console.log(describeFailure(result));
    }
    if (performance.now() - told < 5_000) return;
    told = performance.now();
    console.log(`${done} of ${seeds} seeds, ${(done / ((told - begun) / 1000)).toFixed(0)} a second`);
  },
});
const seconds = (performance.now() - begun) / 1000;
const { commits, batches, swaps, troubles, virtualMs } = report.counts;
console.log(
  `${seeds} seeds in ${seconds.toFixed(1)} s (${(seeds / seconds).toFixed(0)} a second): ${(virtualMs / 3_600_000).toFixed(1)} virtual hours, ` +
    `${commits} commits, ${batches} batches, ${swaps} swaps, ${troubles} troubles beside failing and slow calls`,
);
console.log(`\n${report.passed} passed, ${report.failed.length} failed`);
process.exit(report.failed.length === 0 ? 0 : 1);

function whole(name, text) {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0 && text.trim() !== '') return number;
  console.error(`--${name} is to be a whole number, not '${text}'.`);
  process.exit(2);
}
