import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { startMongo } from '@nestfold/dev-stack';
import { readArguments, type BenchArguments } from './harness/arguments.js';
import { openContext, SERVER_ARGUMENTS, type BenchContext } from './harness/context.js';
import { profiled } from './harness/profile.js';
import { printTable, say, writeResults } from './harness/report.js';
import type { BenchResult } from './harness/result.js';
import { appendBench } from './paths/append.bench.js';
import { commandsBench } from './paths/commands.bench.js';
import { fanOutBench } from './paths/fan-out.bench.js';
import { historyBench } from './paths/history.bench.js';
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

const { quick, only, events, profile } = parsed();
const chosen = Object.entries(only === undefined ? paths : { ...paths, ...onDemand }).filter(([name]) =>
  only === undefined ? !quick || quickly.has(name) : only === name,
);
const server = await startMongo({ ephemeral: { onDisk: true, args: SERVER_ARGUMENTS }, ignoreUri: true });
try {
  const results: BenchResult[] = [];
  const failed: string[] = [];
  const [node] = server.nodes;
  for (const [name, bench] of chosen) {
    const started = performance.now();
    const context = await openContext({ uri: server.uri, dataFolder: node?.dataFolder }, { quick, events });
    const options = { label: name, file: resultFile(`${name}.cpuprofile`), mongodPid: node?.pid };
    try {
      results.push(...(await (profile ? profiled(options, () => bench(context)) : bench(context))));
    } catch (error) {
      // The other paths' figures are not to be lost with it.
      say(name, `✘ failed: ${error instanceof Error ? error.stack : String(error)}`);
      failed.push(name);
    } finally {
      await context.close();
    }
    say(name, `done in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
  printTable(results);
  if (failed.length > 0) {
    console.log(`Failed, so not in the table: ${failed.join(', ')}.`);
    process.exitCode = 1;
  }
  // A trial is not what is committed.
  const isWhole = only === 'large' && !quick && events >= 10_000_000;
  const file = only === undefined ? 'latest.json' : isWhole ? 'large.json' : `only-${only}.tmp.json`;
  await writeResults(resultFile(file), results);
} finally {
  await server.stop();
}
