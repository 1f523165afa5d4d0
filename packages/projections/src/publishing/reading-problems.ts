import { type EventDefinition, type TransportConnection } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';

/** What is wrong with how projections read integration events, by what is configured. */
export function readingProblems(
  projections: readonly ProjectionDefinition[],
  transport: TransportConnection | undefined,
): string[] {
  return projections.flatMap(({ projection: { name }, source, events }) => {
    if (source === undefined) return [];
    const unchecked = named(events.filter(({ isIntegration, check }) => isIntegration === true && check === undefined));
    const own = named(events.filter(({ isIntegration }) => isIntegration !== true));
    const topic = transport?.topics.find((one) => one.name === source.topic);
    return [
      ...(unchecked === ''
        ? []
        : [
            `${name} reads ${unchecked} from the topic '${source.topic}' unchecked: another service sends it, so give @IntegrationEvent a check.`,
          ]),
      ...(own === '' || topic?.carries === undefined
        ? []
        : [
            `${name} reads the topic '${source.topic}', which carries integration events only, but subscribes to ${own}: subscribe to what is told.`,
          ]),
    ];
  });
}

function named(events: readonly EventDefinition[]): string {
  return events.map(({ event }) => event.name).join(', ');
}
