import { randomUUID } from 'node:crypto';
import { silentLogger, systemEnvironment, type StoreConnection } from '@nestfold/core';
import { projectionDefinitionOf, ProjectionEngine, type EngineSettings } from '@nestfold/projections';
import { TallyProjection, types } from '../crash/tally.js';

/** Runs the tallies' projection in this process. */
export async function startEngine(
  connection: StoreConnection,
  settings: Partial<EngineSettings> = {},
): Promise<ProjectionEngine> {
  const engine = new ProjectionEngine({
    connection,
    projections: [projectionDefinitionOf(TallyProjection)],
    handlers: [],
    types,
    environment: systemEnvironment,
    logger: silentLogger,
    node: { id: randomUUID(), host: 'test', pid: process.pid, build: 'test', roles: ['projections'], commands: [] },
    settings: { leaseMs: 1_500, leasePollMs: 100, heartbeatMs: 500, ...settings },
  });
  await engine.start();
  return engine;
}
