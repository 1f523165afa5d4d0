import type { EventTypes, TransportConnection } from '@nestfold/core';
import type { PublicationDefinition } from './publication-definition.js';

/** What is wrong with publications, by what is configured. */
export function publicationProblems(
  publications: readonly PublicationDefinition[],
  types: EventTypes,
  transport: TransportConnection | undefined,
): string[] {
  return publications.flatMap(({ publication: { name }, topic, mappings }) => {
    const problems: string[] = [];
    if (transport === undefined)
      return [`${name} publishes to the topic '${topic}', but there is no transport: add kafka({ … }) to transports.`];
    if (!transport.topics.some((one) => one.name === topic))
      problems.push(
        `${name} publishes to the topic '${topic}', which the transport does not have: add it to its topics, with the categories of the streams.`,
      );
    for (const { event } of mappings.values())
      if (types.classOf(event.name) === undefined)
        problems.push(`${name} publishes ${event.event.name}, which is not among the known events: list it there.`);
    const other = publications.find((one) => one.publication.name !== name && one.topic === topic);
    if (other !== undefined)
      problems.push(
        `${name} and ${other.publication.name} both publish to the topic '${topic}': say all of it in one class.`,
      );
    return problems;
  });
}
