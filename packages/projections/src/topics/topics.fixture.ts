import {
  InMemoryBroker,
  inMemoryTransport,
  silentLogger,
  systemEnvironment,
  type EventContext,
  type StoreConnection,
  type TopicDefinition,
  type TransportConnection,
} from '@nestfold/core';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import { engine } from '../fixtures/store.fixture.js';
import { OrderTrail, OrderTrailProjection } from '../fixtures/one-stream.fixture.js';
import { OrderPlaced, OrderShipped } from '../fixtures/shop.fixture.js';
import { writes } from '../definition/writes.js';
import { ReadModelDocument } from '../definition/read-model-document.decorator.js';

/** Orders in three partitions, and everything in one. */
export const TOPICS: readonly TopicDefinition[] = [
  { name: 'order', categories: ['order'], partitions: 3 },
  { name: 'all', categories: ['order', 'customer'], partitions: 1 },
];

@ReadModelDocument('topic_trail')
export class TopicTrail {
  _id!: string;
  events!: number;
  versions!: number[];
}

const trail = writes(TopicTrail);

/** What `OrderTrailProjection` is, from a topic. */
@Projection('topic-trail', {
  version: 1,
  readModels: [TopicTrail],
  slicing: 'stream',
  source: { kind: 'topic', topic: 'order' },
})
export class TopicTrailProjection {
  @On(OrderPlaced) placed(_event: OrderPlaced, { stream, version }: EventContext) {
    return [
      trail.increment(stream, { events: 1 }, { initial: { events: 0, versions: [] } }),
      trail.push(stream, 'versions', version),
    ];
  }

  @On(OrderShipped) shipped(_event: OrderShipped, { stream, version }: EventContext) {
    return [trail.increment(stream, { events: 1 }), trail.push(stream, 'versions', version)];
  }
}

@ReadModelDocument('cursed_trail')
export class CursedTrail {
  _id!: string;
  versions!: number[];
}

const cursed = writes(CursedTrail);

/** Streams of which the second event cannot be applied, until the code is mended. */
export const curse = new Set<string>();

/** Fails over the second event of cursed streams. */
@Projection('cursed-trail', {
  version: 1,
  readModels: [CursedTrail],
  slicing: 'stream',
  source: { kind: 'topic', topic: 'order' },
})
export class CursedTrailProjection {
  @On(OrderPlaced) placed(_event: OrderPlaced, { stream, version }: EventContext) {
    if (version === 2 && curse.has(stream)) throw new Error('cursed');
    return cursed.reduce(stream, (document) => ({ versions: [...(document?.versions ?? []), version] }));
  }
}

@ReadModelDocument('single_trail')
export class SingleTrail {
  _id!: string;
  versions!: number[];
}

const single = writes(SingleTrail);

/** Needs one order over all streams. */
@Projection('single-trail', { version: 1, readModels: [SingleTrail], source: { kind: 'topic', topic: 'order' } })
export class SingleProjection {
  @On(OrderPlaced) placed(_event: OrderPlaced, { stream, version }: EventContext) {
    return single.reduce(stream, (document) => ({ versions: [...(document?.versions ?? []), version] }));
  }
}

/** The same again, for an operator who looks from the store. */
export { OrderTrail, OrderTrailProjection };

/** A transport over a broker in memory, as a process of its own. */
export function transportTo(broker = new InMemoryBroker()): Promise<TransportConnection> {
  return inMemoryTransport(TOPICS, broker).connect({ environment: systemEnvironment, logger: silentLogger });
}

/** A transport that publishes in another way, and is as before otherwise. */
export function publishingBy(
  transport: TransportConnection,
  publish: TransportConnection['publish'],
): TransportConnection {
  return {
    topics: transport.topics,
    prepare: (topics) => transport.prepare(topics),
    reach: (topic) => transport.reach(topic),
    reader: (consumer, topic) => transport.reader(consumer, topic),
    refused: (topic, query) => transport.refused(topic, query),
    refuse: (message) => transport.refuse(message),
    close: () => transport.close(),
    publish,
  };
}

/** An engine with these roles over a transport. */
export function onTopics(
  store: StoreConnection,
  transport: TransportConnection,
  roles: readonly string[],
  projections: Parameters<typeof engine>[1] = [],
  options: Parameters<typeof engine>[2] = {},
): ProjectionEngine {
  const node = { id: systemEnvironment.uuid(), host: 'test', pid: process.pid, build: 'test', roles, commands: [] };
  return engine(store, projections, { transport, node, ...options });
}
