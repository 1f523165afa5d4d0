// One process of `simulation.mjs`: runs a stretch of seeds, prints what fails, reports to its parent.
import 'reflect-metadata';
import { describeFailure, runSeeds } from '../packages/testing/dist/index.js';

const [from, seeds, trace] = process.argv.slice(2);
// Simulated failures are many, and nobody looks at where they were made.
if (!trace) Error.stackTraceLimit = 0;
const report = await runSeeds({
  from: Number(from),
  seeds: Number(seeds),
  detailed: Boolean(trace),
  onSeed: (result, done) => {
    if (result.violations.length > 0) {
      if (trace) console.log(result.trace.join('\n'));
      console.log(describeFailure(result));
    }
    process.send({ done });
  },
});
process.send({ report: { passed: report.passed, failed: report.failed.length, counts: report.counts } }, () =>
  process.exit(0),
);
