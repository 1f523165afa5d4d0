import {
  ConfigurationError,
  TopicCut,
  type Generation,
  type PartitionReach,
  type TransportConnection,
} from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';

/**
 * Answers the topic's partitions, for a projection that is to be built from it. Throws `TopicCut` where its beginning is not there any more, and
 * `ConfigurationError` where they are not as many as are configured.
 */
export async function wholeTopic(transport: TransportConnection, topic: string): Promise<readonly PartitionReach[]> {
  const partitions = await transport.reach(topic);
  const defined = transport.topics.find(({ name }) => name === topic)?.partitions;
  if (defined !== partitions.length)
    throw new ConfigurationError(
      `The topic '${topic}' has ${partitions.length} partitions, but ${defined ?? 'none'} are configured here: name the number that its relay has.`,
      { topic, found: partitions.length },
    );
  const cut = partitions.find(({ earliest }) => earliest > 0);
  if (cut !== undefined) throw new TopicCut(topic, cut.partition, 0, cut.earliest);
  return partitions;
}

/** What is wrong with the sources of projections, by what is configured: whether the topics are there is seen when they are read. */
export function sourceProblems(
  projections: readonly ProjectionDefinition[],
  transport: TransportConnection | undefined,
): string[] {
  return projections.flatMap(({ projection, source, slicing }) => {
    if (source === undefined) return [];
    if (transport === undefined)
      return [
        `${projection.name} reads the topic '${source.topic}', but there is no transport: add kafka({ … }) to transports.`,
      ];
    const topic = transport.topics.find(({ name }) => name === source.topic);
    if (topic === undefined)
      return [
        `${projection.name} reads the topic '${source.topic}', which the transport does not have: add it to its topics, or name one of ${transport.topics.map(({ name }) => `'${name}'`).join(', ')}.`,
      ];
    if (slicing === 'single' && topic.partitions > 1)
      return [
        `${projection.name} has slicing 'single', which needs all events in one order, but the topic '${source.topic}' has ${topic.partitions} partitions: read a topic with one, or use slicing 'stream' where each document is fed by one stream.`,
      ];
    return [];
  });
}

/** Throws `ConfigurationError` where a generation was made for another number of partitions than the topic has. */
export function assertPartitions({ id, partitions }: Generation, topic: string, found: number): void {
  if (found === partitions) return;
  throw new ConfigurationError(
    `'${id}' has ${partitions} partitions, but the topic '${topic}' has ${found}: streams have changed places. Raise the projection's version, or rebuild it.`,
    { topic, partitions, found },
  );
}
