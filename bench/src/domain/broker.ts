import { silentLogger, systemEnvironment, type TransportConnection } from '@nestfold/core';
import { startKafka } from '@nestfold/dev-stack';
import { kafka } from '@nestfold/kafka';
import { projectionDefinitionOf, type ProjectionDefinition } from '@nestfold/projections';
import { Kafka, logLevel } from 'kafkajs';
import { CounterProjection } from './counter.js';

/** The topic that the counters' streams go through, in our transport and by its name at the broker. */
export const COUNTERS = 'counter';

/** The counters' projection as elsewhere, from the topic. */
export const fromTopic: ProjectionDefinition = {
  ...projectionDefinitionOf(CounterProjection),
  source: kafka(COUNTERS),
};

/** A broker of the bench's own: what is on it is thrown away. */
export interface BenchBroker {
  /** A raw client. */
  client(): Kafka;
  /** Our transport over topics whose names begin with a prefix; closed with the broker. */
  transport(prefix: string, partitions: number): Promise<TransportConnection>;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startBroker(): Promise<BenchBroker> {
  const broker = await startKafka({ ephemeral: {}, ignoreBrokers: true });
  const opened: TransportConnection[] = [];
  return {
    client: () => new Kafka({ brokers: broker.brokers, logLevel: logLevel.NOTHING }),
    transport: async (prefix, partitions) => {
      const adapter = kafka({ brokers: broker.brokers, prefix, topics: [{ name: COUNTERS, partitions }] });
      const transport = await adapter.connect({ environment: systemEnvironment, logger: silentLogger });
      await transport.prepare(transport.topics);
      opened.push(transport);
      return transport;
    },
    stop: async () => {
      await Promise.all(opened.map((transport) => transport.close()));
      await broker.stop();
    },
  };
}
