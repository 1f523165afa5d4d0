// `npm run test:strangers`: what is packed, installed from the registry as somebody else would, under each NestJS and driver that the packages allow.
// Then applications that strangers make, of each combination of contexts and transport. A line a stage, with its seconds.
// A quarter of an hour, much of it downloads; `npm test` runs some of it with what is installed here.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const installed = { NESTFOLD_STRANGERS: 'install' };
const vitest = (...args) => ['vitest', 'run', ...args, '--reporter', 'verbose', ...process.argv.slice(2)];

const steps = [
  { title: 'build', command: ['tsc', '-b'] },
  {
    title: 'applications of strangers (3 minutes)',
    command: vitest('--project', 'int', 'test/src/packages/strangers'),
  },
  { title: 'applications that are made (12 minutes)', command: vitest('--project', 'strangers') },
];

for (const { title, command } of steps) {
  const [program, ...args] = command;
  console.log(`\n▶ ${title}`);
  const started = Date.now();
  const { status } = spawnSync(`node_modules/.bin/${program}`, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...installed },
  });
  console.log(`${status === 0 ? '✔' : '✘'} ${title} (${((Date.now() - started) / 1_000).toFixed(1)} s)`);
  process.exitCode = status ?? 1;
  if (process.exitCode !== 0) break;
}
