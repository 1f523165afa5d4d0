// `npm run lint`: ESLint with types, boundaries and cycles, what nothing uses, then Prettier. The boundary rule reads Nx's project graph, so it is made first;
// without a graph the rule would be skipped with a warning only.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const env = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' };

const steps = [
  ['project graph, for the boundaries', 'nx', ['graph', '--file=.cache/graph.json'], 'ignore'],
  [
    'rules, boundaries, cycles',
    'eslint',
    ['.', '--max-warnings', '0', '--cache', '--cache-location', '.cache/eslint/'],
    'inherit',
  ],
  ['files, exports and dependencies that nothing uses', 'knip', ['--no-progress'], 'inherit'],
  [
    'format',
    'prettier',
    ['--check', '--log-level', 'warn', '--cache', '--cache-location', '.cache/prettier', '.'],
    'inherit',
  ],
];

const [graph, ...looks] = steps;
await run(...graph);
// Side by side: each keeps one core busy, up to half a minute in a fresh clone.
await Promise.all(looks.map((look) => run(...look)));

async function run(title, program, args, stdio) {
  console.log(`${title} …`);
  const child = spawn(`node_modules/.bin/${program}`, args, { cwd: root, stdio, env });
  const status = await new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', resolve);
  });
  if (status === 0) return;
  console.error(`✘ ${program} ${args.join(' ')}`);
  process.exitCode = 1;
}
