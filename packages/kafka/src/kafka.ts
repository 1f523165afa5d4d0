import type { EventTransport, TopicSource } from '@nestfold/core';
import { KafkaConnection } from './connection/kafka.connection.js';
import type { KafkaOptions } from './connection/kafka-options.js';

/**
 * With options: Kafka as a transport. A process with the role `relay` sends the commits of its store to the topics; projections whose `source` is a
 * topic are fed from it. Nothing that commands do waits for it.
 * @example
 * NestfoldModule.forRoot({ store, transports: [kafka({ brokers: ['127.0.0.1:9092'], prefix: 'shop', topics: [{ name: 'order', partitions: 6 }] })] })
 * @publicApi
 */
export function kafka(options: KafkaOptions): EventTransport;
/**
 * With a name: that topic as the source of a projection.
 * @example
 * @Projection('order-view', { version: 2, readModels: [OrderView], slicing: 'stream', source: kafka('order') })
 * @publicApi
 */
export function kafka(topic: string): TopicSource;
export function kafka(what: KafkaOptions | string): EventTransport | TopicSource {
  if (typeof what === 'string') return { kind: 'topic', topic: what };
  return { kind: 'kafka', connect: async (runtime) => new KafkaConnection(what, runtime) };
}
