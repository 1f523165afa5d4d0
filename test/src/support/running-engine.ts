import { randomUUID } from 'node:crypto';
import { silentLogger, systemEnvironment, type Logger, type StoreConnection } from '@nestfold/core';
import { projectionDefinitionOf, ProjectionEngine, type EngineSettings } from '@nestfold/projections';
import { PROJECTIONS, type ProjectionName } from '../crash/projections.js';
import { types } from '../crash/tally.js';

/** What else an engine of the tests may be told. */
export interface MoreOfEngine {
  /** Default: `tallies`. */
  readonly projections?: readonly ProjectionName[];
  /** Default: `['projections']`; none for one that only reads and asks. */
  readonly roles?: readonly string[];
  readonly logger?: Logger;
}

/** Runs the tallies' projection in this process. */
export async function startEngine(
  connection: StoreConnection,
  settings: Partial<EngineSettings> = {},
  { projections = ['tallies'], roles = ['projections'], logger = silentLogger }: MoreOfEngine = {},
): Promise<ProjectionEngine> {
  const engine = new ProjectionEngine({
    connection,
    projections: projections.map((name) => projectionDefinitionOf(PROJECTIONS[name])),
    handlers: [],
    types,
    environment: systemEnvironment,
    logger,
    node: { id: randomUUID(), host: 'test', pid: process.pid, build: 'test', roles: [...roles], commands: [] },
    settings: { leaseMs: 1_500, leasePollMs: 100, heartbeatMs: 500, ...settings },
  });
  await engine.start();
  return engine;
}
