import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { startMongo } from '@nestfold/dev-stack';
import { readArguments, type BenchArguments } from './harness/arguments.js';
import { openContext, serverArguments, type BenchContext } from './harness/context.js';
import { profiled } from './harness/profile.js';
import { printTable, readResults, say, writeResults } from './harness/report.js';
import type { BenchResult } from './harness/result.js';
import { appendBench } from './paths/append.bench.js';
import { commandsBench } from './paths/commands.bench.js';
import { fanOutBench } from './paths/fan-out.bench.js';
import { historyBench } from './paths/history.bench.js';
import { kafkaBench } from './paths/kafka.bench.js';
import { largeBench } from './paths/large.bench.js';
import { liveBench } from './paths/live.bench.js';
import { loadBench } from './paths/load.bench.js';
import { millionBench } from './paths/million.bench.js';
import { rebuildUnderLoadBench } from './paths/rebuild-under-load.bench.js';
import { rebuildBench } from './paths/rebuild.bench.js';
import { slowBench } from './paths/slow.bench.js';
import { transactionalBench } from './paths/transactional.bench.js';
import { wireBench } from './paths/wire.bench.js';

const paths: Record<string, (context: BenchContext) => Promise<BenchResult[]>> = {
  append: appendBench,
  load: loadBench,
  history: historyBench,
  live: liveBench,
  fanout: fanOutBench,
  slow: slowBench,
  transactional: transactionalBench,
  commands: commandsBench,
  wire: wireBench,
  rebuild: rebuildBench,
  million: millionBench,
  'under-load': rebuildUnderLoadBench,
  kafka: kafkaBench,
};

/** What a quick run looks at, which is to end within a minute. */
const quickly = new Set(['append', 'load', 'history', 'live', 'rebuild']);

/** Takes minutes and gigabytes: only where it is asked for. */
const onDemand: typeof paths = { large: largeBench };

function parsed(): BenchArguments {
  try {
    return readArguments(process.argv.slice(2), Object.keys({ ...paths, ...onDemand }));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

const resultFile = (name: string): string => fileURLToPath(new URL(`../results/${name}`, import.meta.url));

/** Measures paths one after the other on one server; answers which failed. */
async function measure(chosen: readonly string[], { quick, events, profile }: BenchArguments): Promise<Measured> {
  const server = await startMongo({ ephemeral: { onDisk: true, args: serverArguments({ quick }) }, ignoreUri: true });
  const measured: Measured = { results: [], failed: [] };
  try {
    const [node] = server.nodes;
    for (const name of chosen) {
      const bench = { ...paths, ...onDemand }[name]!;
      const started = performance.now();
      const context = await openContext({ uri: server.uri, dataFolder: node?.dataFolder }, { quick, events });
      const options = { label: name, file: resultFile(`${name}.cpuprofile`), mongodPid: node?.pid };
      try {
        measured.results.push(...(await (profile ? profiled(options, () => bench(context)) : bench(context))));
      } catch (error) {
        // The other paths' figures are not to be lost with it.
        say(name, `✘ failed: ${inspect(error)}`);
        measured.failed.push(name);
      } finally {
        await context.close();
      }
      say(name, `done in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    }
    return measured;
  } finally {
    await server.stop();
  }
}

interface Measured {
  readonly results: BenchResult[];
  readonly failed: string[];
}

/** Measures each path in a process of its own, with a server of its own: what one leaves in memory is not to count for another. */
async function measureApart(chosen: readonly string[], { profile }: BenchArguments): Promise<Measured> {
  const measured: Measured = { results: [], failed: [] };
  for (const name of chosen) {
    await rm(trialFile(name), { force: true });
    const args = [fileURLToPath(import.meta.url), '--only', name, ...(profile ? ['--profile'] : [])];
    const [code] = (await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')) as [number | null];
    measured.results.push(...(await readResults(trialFile(name))));
    if (code !== 0) measured.failed.push(name);
  }
  return measured;
}

/** A trial is not what is committed. */
const trialFile = (name: string): string => resultFile(`only-${name}.tmp.json`);

const given = parsed();
const { quick, only, events } = given;
const chosen = only === undefined ? Object.keys(paths).filter((name) => !quick || quickly.has(name)) : [only];
const { results, failed } = await (only === undefined && !quick ? measureApart : measure)(chosen, given);
printTable(results);
if (failed.length > 0) {
  console.log(`Failed, so not in the table: ${failed.join(', ')}.`);
  process.exitCode = 1;
}
const isLarge = only === 'large' && !quick && events >= 10_000_000;
const file = only === undefined ? resultFile('latest.json') : isLarge ? resultFile('large.json') : trialFile(only);
await writeResults(file, results);
