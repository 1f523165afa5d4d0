import { readFile, writeFile } from 'node:fs/promises';
import { Session, type Profiler } from 'node:inspector/promises';
import { say } from './report.js';

const SHOWN = 15;
/** Of a clock tick, on Linux. */
const TICKS_A_SECOND = 100;

/** What a profile is made of. */
export interface ProfileOptions {
  readonly label: string;
  /** Where it is written: for the tools that read `.cpuprofile`. */
  readonly file: string;
  /** The process of the database. */
  readonly mongodPid: number | undefined;
}

/** Runs something under node's own profiler (this thread's, not that of worker threads), and says where the time went. */
export async function profiled<R>({ label, file, mongodPid }: ProfileOptions, run: () => Promise<R>): Promise<R> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  const before = { at: performance.now(), own: process.cpuUsage(), mongod: await cpuSecondsOf(mongodPid) };
  await session.post('Profiler.start');
  try {
    return await run();
  } finally {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    await writeFile(file, JSON.stringify(profile));
    const seconds = (performance.now() - before.at) / 1000;
    const { user, system } = process.cpuUsage(before.own);
    const mongod = (await cpuSecondsOf(mongodPid)) - before.mongod;
    say(
      label,
      `${seconds.toFixed(1)} s: ${((user + system) / 1e6).toFixed(1)} s of CPU here (all threads), ${mongod.toFixed(1)} s in mongod`,
    );
    for (const line of heaviest(profile)) say(label, line);
    say(label, `profile in ${file}`);
  }
}

/** The functions in which most samples were taken, with their shares of the time. */
export function heaviest({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): string[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let total = 0;
  for (const [index, sample] of samples.entries()) {
    const name = names.get(sample) ?? '?';
    const time = timeDeltas[index] ?? 0;
    times.set(name, (times.get(name) ?? 0) + time);
    total += time;
  }
  return [...times]
    .sort(([, left], [, right]) => right - left)
    .slice(0, SHOWN)
    .map(([name, time]) => `${((100 * time) / total).toFixed(1).padStart(5)} % ${name}`);
}

function nameOf({ functionName, url, lineNumber }: Profiler.ProfileNode['callFrame']): string {
  const file = url.split('/').slice(-3).join('/');
  return `${functionName || '(anonymous)'}${file ? ` ${file}:${lineNumber + 1}` : ''}`;
}

/** NaN where the system does not tell. */
async function cpuSecondsOf(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid ?? 0}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN)) / TICKS_A_SECOND;
}
