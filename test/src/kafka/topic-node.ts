import { hostname } from 'node:os';
import { silentLogger, systemEnvironment } from '@nestfold/core';
import { kafka } from '@nestfold/kafka';
import { mongo } from '@nestfold/mongodb';
import { ProjectionEngine, projectionDefinitionOf } from '@nestfold/projections';
import { OrderTrailProjection, orderEvents, TopicTrailProjection } from './order-trail.js';

/** What a node is told when it begins. */
export interface TopicNodeOptions {
  readonly uri: string;
  readonly database: string;
  readonly brokers: readonly string[];
  readonly prefix: string;
  readonly partitions: number;
  readonly roles: readonly string[];
}

/** An engine over a store and a Kafka, as a process of its own has it. */
export async function startNode({ uri, database, brokers, prefix, partitions, roles }: TopicNodeOptions) {
  const runtime = { environment: systemEnvironment, logger: silentLogger };
  const connection = await mongo({ uri, database }).connect(runtime);
  const transport = await kafka({ brokers, prefix, topics: [{ name: 'order', partitions }] }).connect(runtime);
  const engine = new ProjectionEngine({
    connection,
    transport,
    projections: [OrderTrailProjection, TopicTrailProjection].map(projectionDefinitionOf),
    handlers: [],
    types: orderEvents,
    ...runtime,
    node: { id: systemEnvironment.uuid(), host: hostname(), pid: process.pid, build: 'test', roles, commands: [] },
    settings: { leaseMs: 1_500, leasePollMs: 100, heartbeatMs: 500, backoffMaxMs: 500 },
  });
  await engine.start();
  return {
    connection,
    transport,
    engine,
    stop: async () => {
      await engine.stop();
      await transport.close();
      await connection.close();
    },
  };
}
