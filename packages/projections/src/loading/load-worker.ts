import { parentPort, workerData } from 'node:worker_threads';
import { EventTypes, systemEnvironment, type Logger } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';
import { KnownNodes } from '../running/known-nodes.js';
import { Waiters } from '../waiting/waiters.js';
import { connectAsWorker } from './connect-as-worker.js';
import { LoadControl } from './load-control.js';
import { projectionIn } from './projection-module.js';
import { RangeLoader } from './range-loader.js';
import { failureFrom, type ThreadOrders, type ThreadReport, type ThreadWord } from './thread-protocol.js';

// The beginning of a worker thread: with a connection and a projection of its own it loads the ranges that it is told, one at a time.

const port = parentPort;
if (port === null) throw new Error('This module is the beginning of a worker thread.');

const say = (report: ThreadReport): void => port.postMessage(report);
const orders = workerData as ThreadOrders;
const log =
  (level: 'debug' | 'info' | 'warn' | 'error'): Logger['info'] =>
  (message, details) =>
    say({ kind: 'log', level, message, ...(details && { details }) });
const logger: Logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
const control = new LoadControl(systemEnvironment);
let stopping = new AbortController();

/** What it loads with; `undefined` when that could not be had, which was said. */
const loader = open().catch((error: unknown) => {
  say({ kind: 'unfit', error: failureFrom(error) });
  return undefined;
});
let work: Promise<void> = Promise.resolve();

port.on('message', (word: ThreadWord) => {
  switch (word.kind) {
    case 'load':
      stopping = new AbortController();
      work = load(word.range, stopping.signal);
      return;
    case 'stop':
      return stopping.abort();
    case 'pace':
      return control.set(word.pace);
    case 'close':
      stopping.abort();
      void work.then(close);
  }
});

async function open() {
  const { module, projection, version, settings, generation, owner } = orders;
  const definition = await projectionIn(module, projection, version);
  const types = EventTypes.of(definition.events.map(({ event }) => event));
  const connection = await connectAsWorker(orders.connection, { environment: systemEnvironment, logger });
  const nodes = new KnownNodes(connection.nodes, systemEnvironment, { own: owner, maxAgeMs: 0, silentMs: 0 });
  const waiters = new Waiters();
  const context: EngineContext = {
    connection,
    types,
    environment: systemEnvironment,
    logger,
    settings,
    nodes,
    waiters,
  };
  const ranges = new RangeLoader(context, definition, generation, owner, control, {
    onBatch: (range, commits, events) => say({ kind: 'batch', range, commits, events }),
    onRetry: (error) => say({ kind: 'retry', error: failureFrom(error) }),
  });
  return { ranges, connection };
}

async function load(range: number, signal: AbortSignal): Promise<void> {
  const opened = await loader;
  if (opened === undefined) return;
  try {
    say({ kind: 'outcome', outcome: await opened.ranges.load(range, signal) });
  } catch (error) {
    say({ kind: 'failed', error: failureFrom(error) });
  }
}

async function close(): Promise<void> {
  const opened = await loader;
  await opened?.connection.close();
  port?.close();
}
