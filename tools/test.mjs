// `npm test`: everything that must hold, in the order in which failures are cheapest. Ends in `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = `${root}.cache/reports`;
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const steps = [
  { title: 'build', command: ['tsc', '-b'] },
  { title: 'types of sources and specs', command: ['tsc', '-p', 'tsconfig.spec.json'] },
  { title: 'lint: rules, boundaries, cycles, format', command: ['node', 'tools/lint.mjs'] },
  { title: 'unit tests', suite: 'unit' },
  { title: 'integration tests (real MongoDB)', suite: 'int' },
  { title: 'crash tests (real MongoDB, killed processes)', suite: 'crash' },
  { title: 'tests of topics (real MongoDB, real Kafka)', suite: 'kafka' },
];

let passed = 0;
let failed = 0;

for (const { title, command, suite } of steps) {
  const report = `${reports}/${suite}.json`;
  const [program, ...args] = command ?? [
    'vitest',
    'run',
    '--project',
    suite,
    '--reporter',
    process.stdout.isTTY ? 'default' : 'dot',
    '--reporter',
    'json',
    '--outputFile.json',
    report,
  ];
  console.log(`\n▶ ${title}`);
  const started = Date.now();
  const { status } = spawnSync(program === 'node' ? process.execPath : `node_modules/.bin/${program}`, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' },
  });
  const counted = suite ? countsOf(report) : { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
  passed += counted.passed;
  failed += counted.failed + (status !== 0 && counted.failed === 0 ? 1 : 0);
  console.log(`${status === 0 ? '✔' : '✘'} ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (status !== 0 && title === 'build') break;
}

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** What vitest's report says; tests that were not run count as failed, so that nothing is skipped unseen. */
function countsOf(report) {
  try {
    const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numTotalTests - numPassedTests };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
