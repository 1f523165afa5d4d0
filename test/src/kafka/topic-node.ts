import { hostname } from 'node:os';
import { silentLogger, systemEnvironment } from '@nestfold/core';
import { kafka } from '@nestfold/kafka';
import { mongo } from '@nestfold/mongodb';
import { ProjectionEngine, projectionDefinitionOf, publicationDefinitionOf } from '@nestfold/projections';
import { OrderTrailProjection, orderEvents, TopicTrailProjection } from './order-trail.js';
import { OrdersToOthers, toldEvents, ToldTrailProjection } from './told-trail.js';

/** What a node is told when it begins. */
export interface TopicNodeOptions {
  readonly uri: string;
  readonly database: string;
  readonly brokers: readonly string[];
  readonly prefix: string;
  readonly partitions: number;
  readonly roles: readonly string[];
  /** Its topic carries integration events, of orders and of an outbox of payments, instead of what is stored. */
  readonly tells?: boolean;
}

const ORDER = { name: 'order' };
const TOLD = { name: 'told', categories: ['order', 'payment'], carries: 'integration-events' } as const;

/** An engine over a store and a Kafka, as a process of its own has it. */
export async function startNode({ uri, database, brokers, prefix, partitions, roles, tells }: TopicNodeOptions) {
  const runtime = { environment: systemEnvironment, logger: silentLogger };
  const connection = await mongo({ uri, database }).connect(runtime);
  const topics = [{ ...(tells === true ? TOLD : ORDER), partitions }];
  const transport = await kafka({ brokers, prefix, topics }).connect(runtime);
  const projections = tells === true ? [ToldTrailProjection] : [OrderTrailProjection, TopicTrailProjection];
  const engine = new ProjectionEngine({
    connection,
    transport,
    projections: projections.map(projectionDefinitionOf),
    ...(tells === true && { publications: [publicationDefinitionOf(OrdersToOthers)] }),
    handlers: [],
    types: tells === true ? toldEvents : orderEvents,
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
