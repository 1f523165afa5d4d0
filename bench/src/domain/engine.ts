import { silentLogger, systemEnvironment, type StoreConnection } from '@nestfold/core';
import { projectionDefinitionOf, ProjectionEngine, type ProjectionDefinition } from '@nestfold/projections';
import { CounterProjection, CounterView, types } from './counter.js';

/** Runs projections (the counters' unless said otherwise) on a store, as an application's process would. */
export async function startEngine(
  connection: StoreConnection,
  projections: readonly ProjectionDefinition[] = [projectionDefinitionOf(CounterProjection)],
) {
  const engine = new ProjectionEngine({
    connection,
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
      roles: ['projections'],
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
