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
    const definition = transport.topics.find((one) => one.name === topic);
    if (definition === undefined)
      problems.push(
        `${name} publishes to the topic '${topic}', which the transport does not have: add it to its topics, with the categories of the streams.`,
      );
    else if (definition.carries === undefined)
      problems.push(
        `${name} publishes to the topic '${topic}', which carries commits as they are stored: give it carries: 'integration-events', so that a process without this class does not send those.`,
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
