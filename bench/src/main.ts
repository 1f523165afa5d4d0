import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startMongo } from '@nestfold/dev-stack';
import { openContext, SERVER_ARGUMENTS, type BenchContext } from './harness/context.js';
import { printTable, writeResults } from './harness/report.js';
import type { BenchResult } from './harness/result.js';
import { appendBench } from './paths/append.bench.js';
import { historyBench } from './paths/history.bench.js';
import { liveBench } from './paths/live.bench.js';
import { loadBench } from './paths/load.bench.js';
import { rebuildBench } from './paths/rebuild.bench.js';

const paths: Record<string, (context: BenchContext) => Promise<BenchResult[]>> = {
  append: appendBench,
  load: loadBench,
  history: historyBench,
  live: liveBench,
  rebuild: rebuildBench,
};

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } });
if (values.only !== undefined && !(values.only in paths)) {
  console.error(`There is no path '${values.only}'. Choose one of: ${Object.keys(paths).join(', ')}.`);
  process.exit(2);
}

const server = await startMongo({ ephemeral: { onDisk: true, args: SERVER_ARGUMENTS }, ignoreUri: true });
try {
  const results: BenchResult[] = [];
  for (const [name, bench] of Object.entries(paths)) {
    if (values.only !== undefined && values.only !== name) continue;
    console.log(`▶ ${name} …`);
    const context = await openContext(server.uri, values.quick);
    try {
      results.push(...(await bench(context)));
    } finally {
      await context.close();
    }
  }
  printTable(results);
  const file = values.only === undefined ? 'latest.json' : `only-${values.only}.tmp.json`;
  await writeResults(fileURLToPath(new URL(`../results/${file}`, import.meta.url)), results);
} finally {
  await server.stop();
}
