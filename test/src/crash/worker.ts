import 'reflect-metadata';
import { randomInt, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { AggregateRepository, isNestfoldError, silentLogger, systemEnvironment, type Logger } from '@nestfold/core';
import { mongo } from '@nestfold/mongodb';
import { addToTally } from '../support/add-to-tally.js';
import { clock } from '../support/clock.js';
import { startEngine } from '../support/running-engine.js';
import { curse } from './cursed-tally.js';
import { Tally, types } from './tally.js';
import { watchAnswers } from './watch-answers.js';
import type { Addition, WorkerOrders, WorkerReport, WorkerWord } from './worker-protocol.js';

// A process of its own that appends and projects until it is killed. It says what it asked for before it asks, and what was
// acknowledged only when it was.

const orders = JSON.parse(process.argv[2] ?? '{}') as WorkerOrders;
const { callers, readers = 0, parts = 1, pauseMs = 0 } = orders;
curse.holds = orders.healed !== true;
const say = (report: WorkerReport): void => void writeSync(1, `${JSON.stringify(report)}\n`);
const fail = (error: unknown): never => {
  say({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
};
process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);

const warn: Logger['warn'] = (message, details) =>
  say({ kind: 'logged', message: `${message} ${JSON.stringify(details ?? {})}`.slice(0, 1_000) });
const logger: Logger = { ...silentLogger, warn, error: warn };
const connection = await mongo({
  uri: orders.uri,
  database: orders.database,
  client: { appName: orders.appName },
  ...(orders.horizonSeconds !== undefined && { horizonSeconds: orders.horizonSeconds }),
}).connect({ environment: systemEnvironment, logger });
const tallies = new AggregateRepository(Tally, { ...connection, types, environment: systemEnvironment });
let quiet = false;
let leaving = false;

async function add(addition: Addition): Promise<void> {
  const { ref, tallyId } = addition;
  say({ kind: 'asked', ...addition, at: clock() });
  try {
    const { version, repeated } = await addToTally(tallies, addition);
    say({ kind: 'acknowledged', ref, tallyId, version, repeated, at: clock() });
  } catch (error) {
    if (!isNestfoldError(error)) throw error;
    const { code, message, retry } = error;
    say({ kind: 'refused', ref, code, message, retry, at: clock() });
    // Unknown, lost too many races, or too busy: the same again under the same key, as a client would.
    if (retry !== 'never' && !leaving) await add(addition);
  }
}

const anyTally = (): string => `t${randomInt(orders.tallies)}`;

async function caller(): Promise<void> {
  while (!quiet) {
    const many = randomInt(1, parts + 1);
    await add({ ref: randomUUID(), tallyId: anyTally(), by: randomInt(1, 1000), ...(many > 1 && { parts: many }) });
    if (pauseMs > 0) await systemEnvironment.sleep(pauseMs);
  }
}

async function reader(): Promise<void> {
  while (!quiet) {
    const tallyId = anyTally();
    const from = clock();
    try {
      const found = await tallies.load(tallyId);
      say({ kind: 'read', tallyId, length: found?.version ?? 0, from, to: clock() });
    } catch (error) {
      // A read without an answer says nothing.
      if (!isNestfoldError(error)) throw error;
    }
    await systemEnvironment.sleep(10);
  }
}

createInterface({ input: process.stdin })
  .on('line', (word) => {
    quiet = true;
    leaving ||= (word as WorkerWord) === 'leave';
    if (leaving) leave().catch(fail);
  })
  .on('close', () => process.exit(0));
systemEnvironment.every(500, () => say({ kind: 'measured', rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20) }));

const projections = orders.projections ?? ['tallies'];
const engine =
  projections.length > 0
    ? await startEngine(connection, { leaseMs: orders.leaseMs, ...orders.settings }, { projections, logger })
    : undefined;
const answers = engine && orders.answers && (await watchAnswers(engine, orders.answers, say));
say({ kind: 'ready' });

/** As a process does that is asked to end. */
async function leave(): Promise<void> {
  await answers?.stop();
  await engine?.stop();
  await connection.close();
  process.exit(0);
}

await Promise.all((orders.repeat ?? []).map(add));
await Promise.all([...Array.from({ length: callers }, caller), ...Array.from({ length: readers }, reader)]);
while (!quiet || leaving) await systemEnvironment.sleep(20);
await engine?.settled({ timeoutMs: 60_000 });
say({ kind: 'settled' });
