import 'reflect-metadata';
import { randomInt, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import {
  AggregateRepository,
  commandIdOf,
  createMessageContext,
  isNestfoldError,
  runInContext,
  silentLogger,
  systemEnvironment,
} from '@nestfold/core';
import { mongo } from '@nestfold/mongodb';
import { projectionDefinitionOf, ProjectionEngine } from '@nestfold/projections';
import { Tally, TallyProjection, types } from './tally.js';
import type { Addition, WorkerOrders, WorkerReport } from './worker-protocol.js';

// A process of its own that appends and projects until it is killed. It says what it asked for before it asks, and what was
// acknowledged only when it was.

const orders = JSON.parse(process.argv[2] ?? '{}') as WorkerOrders;
const say = (report: WorkerReport): void => void writeSync(1, `${JSON.stringify(report)}\n`);
const fail = (error: unknown): never => {
  say({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
};
process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);

const connection = await mongo({
  uri: orders.uri,
  database: orders.database,
  client: { appName: orders.appName },
  ...(orders.horizonSeconds !== undefined && { horizonSeconds: orders.horizonSeconds }),
}).connect({ environment: systemEnvironment, logger: silentLogger });
const tallies = new AggregateRepository(Tally, { ...connection, types, environment: systemEnvironment });
const engine = new ProjectionEngine({
  connection,
  projections: [projectionDefinitionOf(TallyProjection)],
  handlers: [],
  types,
  environment: systemEnvironment,
  logger: silentLogger,
  node: { id: randomUUID(), host: hostname(), pid: process.pid, build: 'test', roles: ['projections'], commands: [] },
  settings: {
    leaseMs: orders.leaseMs,
    leasePollMs: 100,
    heartbeatMs: 500,
    ...(orders.historyEvents !== undefined && { historyEvents: orders.historyEvents }),
    ...(orders.liveEvents !== undefined && { liveEvents: orders.liveEvents }),
  },
});

let quiet = false;

async function add(addition: Addition): Promise<void> {
  const { ref, tallyId, by } = addition;
  say({ kind: 'asked', ref, tallyId, by });
  const context = createMessageContext({
    messageId: commandIdOf('tester', 'AddToTally', ref),
    messageType: 'AddToTally',
    keyed: true,
    bodyHash: `${tallyId}:${by}`,
  });
  try {
    const { version, repeated } = await runInContext(context, () =>
      tallies.save(tallyId, (tally) => tally.add(tallyId, by, ref)),
    );
    say({ kind: 'acknowledged', ref, tallyId, version, repeated });
  } catch (error) {
    if (!isNestfoldError(error)) throw error;
    say({ kind: 'refused', ref, code: error.code, message: error.message });
    // Unknown, lost too many races, or too busy: the same again under the same key, as a client would.
    if (error.retry !== 'never' && !quiet) await add(addition);
  }
}

async function caller(): Promise<void> {
  while (!quiet) await add({ ref: randomUUID(), tallyId: `t${randomInt(orders.tallies)}`, by: randomInt(1, 1000) });
}

createInterface({ input: process.stdin })
  .on('line', () => {
    quiet = true;
  })
  .on('close', () => process.exit(0));

await engine.start();
say({ kind: 'ready' });
await Promise.all((orders.repeat ?? []).map(add));
await Promise.all(Array.from({ length: orders.callers }, caller));
while (!quiet) await systemEnvironment.sleep(20);
await engine.settled({ timeoutMs: 60_000 });
say({ kind: 'settled' });
