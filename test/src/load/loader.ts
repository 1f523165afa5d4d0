import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { silentLogger, systemEnvironment, type Logger } from '@nestfold/core';
import { mongo } from '@nestfold/mongodb';
import { projectionDefinitionOf, ProjectionEngine, type EngineSettings } from '@nestfold/projections';
import { types } from '../crash/tally.js';
import { TallyTrailProjection } from './tally-trail.js';
import { UnfitTrailProjection } from './unfit-trail.js';

/** With what a loading process begins. */
export interface LoaderOrders {
  readonly uri: string;
  readonly database: string;
  readonly projection: 'tally-trails' | 'unfit-trails';
  readonly settings: Partial<EngineSettings>;
}

// A process of its own that builds a projection on worker threads until it is done or killed. It says what its engine logs, a line each.

const orders = JSON.parse(process.argv[2] ?? '{}') as LoaderOrders;
const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const told =
  (level: string): Logger['info'] =>
  (message, details) =>
    say({ level, message, details });
const logger = { ...silentLogger, info: told('info'), warn: told('warn'), error: told('error') };

const connection = await mongo({ uri: orders.uri, database: orders.database, horizonSeconds: 1 }).connect({
  environment: systemEnvironment,
  logger,
});
const projection = orders.projection === 'tally-trails' ? TallyTrailProjection : UnfitTrailProjection;
const engine = new ProjectionEngine({
  connection,
  projections: [projectionDefinitionOf(projection)],
  handlers: [],
  types,
  environment: systemEnvironment,
  logger,
  node: { id: randomUUID(), host: 'test', pid: process.pid, build: 'test', roles: ['projections'], commands: [] },
  settings: { leaseMs: 1_500, leasePollMs: 100, heartbeatMs: 500, ...orders.settings },
});
process.stdin.on('end', () => process.exit(0)).resume();
await engine.start();
say({ level: 'info', message: 'started' });
