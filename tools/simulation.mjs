// `npm run test:simulation [-- --seeds N --from S --trace]`: the deterministic simulation, on all cores. Ends in `N passed, N failed`.
import { fork, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
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

const begun = performance.now();
const workers = Math.max(1, Math.min(availableParallelism(), seeds));
const done = Array.from({ length: workers }, () => 0);
let told = begun;
const reports = await Promise.all(done.map((_, worker) => run(worker)));
const seconds = (performance.now() - begun) / 1000;
const sum = (count) => reports.reduce((total, report) => total + count(report), 0);
console.log(
  `${seeds} seeds in ${seconds.toFixed(1)} s (${(seeds / seconds).toFixed(0)} a second): ${(sum(({ counts }) => counts.virtualMs) / 3_600_000).toFixed(1)} virtual hours, ` +
    `${sum(({ counts }) => counts.commits)} commits, ${sum(({ counts }) => counts.batches)} batches, ${sum(({ counts }) => counts.swaps)} swaps, ` +
    `${sum(({ counts }) => counts.troubles)} troubles beside failing and slow calls`,
);
const failed = sum((report) => report.failed);
console.log(`\n${sum(({ passed }) => passed)} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** One process a core, each with a stretch of the seeds; one that dies has failed all that it did not report. */
function run(worker) {
  const first = from + Math.floor((worker * seeds) / workers);
  const count = from + Math.floor(((worker + 1) * seeds) / workers) - first;
  const child = fork(new URL('simulation-stretch.mjs', import.meta.url), [
    String(first),
    String(count),
    values.trace ? 'trace' : '',
  ]);
  return new Promise((resolve) => {
    let report = { passed: 0, failed: count, counts: { commits: 0, batches: 0, swaps: 0, troubles: 0, virtualMs: 0 } };
    child.on('message', (message) => {
      if (message.report !== undefined) report = message.report;
      else progress(worker, message.done);
    });
    child.on('exit', () => resolve(report));
  });
}

function progress(worker, count) {
  done[worker] = count;
  const now = performance.now();
  if (now - told < 5_000) return;
  told = now;
  const all = done.reduce((total, one) => total + one, 0);
  console.log(`${all} of ${seeds} seeds, ${(all / ((now - begun) / 1000)).toFixed(0)} a second`);
}

function whole(name, text) {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0 && text.trim() !== '') return number;
  console.error(`--${name} is to be a whole number, not '${text}'.`);
  process.exit(2);
}
