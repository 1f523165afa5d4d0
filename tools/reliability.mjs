// `npm run reliability -- R02 [--short] [--seed N]`: one entry of the reliability battery, with real processes and faults. Ends in one line of JSON.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { status } = spawnSync(`${root}node_modules/.bin/tsc`, ['-b', 'test'], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
await import('../test/dist/reliability/main.js');
