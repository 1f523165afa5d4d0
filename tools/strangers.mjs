// `npm run test:strangers`: what is packed, installed from the registry as somebody else would, under each NestJS and driver that the packages allow.
// Then applications that strangers make, of each combination of contexts and transport; ends in what each step took.
// A quarter of an hour, much of it downloads; `npm test` runs some of it with what is installed here.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (program, args, env = {}) =>
  spawnSync(`node_modules/.bin/${program}`, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
    .status ?? 1;

process.exitCode =
  run('tsc', ['-b']) ||
  run('vitest', ['run', '--project', 'int', 'test/src/packages/strangers', ...process.argv.slice(2)], {
    NESTFOLD_STRANGERS: 'install',
  }) ||
  run('vitest', ['run', '--project', 'strangers', ...process.argv.slice(2)]);
