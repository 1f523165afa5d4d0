import { silentLogger, systemEnvironment, type StoreConnection, type TransportConnection } from '@nestfold/core';
import { projectionDefinitionOf, ProjectionEngine, type ProjectionDefinition } from '@nestfold/projections';
import { CounterProjection, CounterView, types } from './counter.js';

/** What else an engine of the bench has. */
export interface MoreOfEngine {
  readonly transport?: TransportConnection;
  /** Default: `projections`. */
  readonly roles?: readonly string[];
}

/** Runs projections (the counters' unless said otherwise) on a store, as an application's process would. */
export async function startEngine(
  connection: StoreConnection,
  projections: readonly ProjectionDefinition[] = [projectionDefinitionOf(CounterProjection)],
  { transport, roles = ['projections'] }: MoreOfEngine = {},
) {
  const engine = new ProjectionEngine({
    connection,
    ...(transport && { transport }),
    projections,
    handlers: [],
    types,
    environment: systemEnvironment,
    logger: silentLogger,
    node: {
      id: systemEnvironment.uuid(),
      host: 'bench',
      pid: process.pid,
      build: 'bench',
      roles,
      commands: [],
    },
  });
  await engine.start();
  return {
    engine,
    settled: (options: { timeoutMs: number }) => engine.settled(options),
    collection: () => engine.readModel(CounterView).collectionName(),
    stop: () => engine.stop(),
  };
}
