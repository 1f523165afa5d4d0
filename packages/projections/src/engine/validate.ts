import { ConfigurationError, type EventDefinition, type EventTypes, type TransportConnection } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import type { PublicationDefinition } from '../publishing/publication-definition.js';
import { publicationProblems } from '../publishing/publication-problems.js';
import { readingProblems } from '../publishing/reading-problems.js';
import { sourceProblems } from '../topics/topic-watch.js';
import type { RegisteredHandler } from './engine-options.js';

/** Checks projections and handlers against each other and against the catalogue of events. Throws one `ConfigurationError` with all that is wrong. */
export function validate(
  projections: readonly ProjectionDefinition[],
  handlers: readonly RegisteredHandler[],
  types: EventTypes,
  transport?: TransportConnection,
  publications: readonly PublicationDefinition[] = [],
): void {
  const problems = [
    ...twice(
      projections,
      ({ name }) => name,
      (name, one, other) =>
        `The projections ${one.projection.name} and ${other.projection.name} are both named '${name}': give one of them another name in @Projection.`,
    ),
    ...twice(
      handlers,
      ({ definition }) => definition.name,
      (name, one, other) =>
        `The events handlers ${one.definition.handler.name} and ${other.definition.handler.name} are both named '${name}': give one of them another name in @EventsHandler.`,
    ),
    ...twice(
      projections.flatMap((projection) => projection.readModels.map((model) => ({ projection, model }))),
      ({ model }) => model.name,
      (name, one, other) =>
        one.projection === other.projection
          ? `${one.projection.projection.name} lists two read models named '${name}' (${one.model.model.name}, ${other.model.model.name}): list each once, under a name of its own in @ReadModelDocument.`
          : `The read model '${name}' belongs to ${one.projection.projection.name} and to ${other.projection.projection.name}: only one projection may write it, so split it, or name one of the two in @ReadModelDocument.`,
    ),
    ...sourceProblems(projections, transport),
    ...publicationProblems(publications, types, transport),
    ...readingProblems(projections, transport),
    ...projections.flatMap(({ projection, events }) => unknown(projection.name, events, types)),
    ...handlers.flatMap(({ definition }) => unknown(definition.handler.name, definition.events, types)),
  ];
  if (problems.length > 0) throw ConfigurationError.of(problems);
}

function twice<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  problem: (name: string, one: T, other: T) => string,
): string[] {
  const seen = new Map<string, T>();
  return items.flatMap((item) => {
    const name = nameOf(item);
    const first = seen.get(name);
    if (first === undefined) seen.set(name, item);
    return first === undefined ? [] : [problem(name, first, item)];
  });
}

function unknown(consumer: string, events: readonly EventDefinition[], types: EventTypes): string[] {
  return events
    .filter(({ name, event }) => types.classOf(name) !== event)
    .map(
      ({ name, event }) =>
        `${consumer} subscribes to ${event.name} ('${name}'), which is not among the registered events: register the class with the application's events.`,
    );
}
