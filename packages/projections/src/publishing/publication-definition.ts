import {
  ConfigurationError,
  eventDefinitionOf,
  type Ctor,
  type EventContext,
  type EventDefinition,
  type Type,
} from '@nestfold/core';
import { eventProblem } from '../definition/event-classes.js';
import { mappingsOf, publishedTopicOf } from './publishes.decorator.js';

/** How one domain event is told to others. */
export interface Mapping {
  /** `<class>.<method>`, for messages. */
  readonly method: string;
  readonly event: EventDefinition;
  readonly as: EventDefinition;
  readonly map: (event: object, context: EventContext) => object | undefined;
}

/** What a class with `@Publishes` is to the runtime. */
export interface PublicationDefinition {
  readonly topic: string;
  /** By the stored name of the domain event. */
  readonly mappings: ReadonlyMap<string, Mapping>;
  readonly publication: Type<object>;
}

/** Whether a class bears `@Publishes`. */
export function isPublication(target: Ctor<object>): boolean {
  return publishedTopicOf(target) !== undefined;
}

/** The definition of a publication's class. Throws one `ConfigurationError` that names the class and all that is wrong. */
export function publicationDefinitionOf(publication: Type<object>): PublicationDefinition {
  const topic = publishedTopicOf(publication);
  const { name } = publication;
  if (topic === undefined)
    throw new ConfigurationError(`${name} is used as a publication but has no @Publishes: add it above the class.`);
  const found = mappingsOf(publication);
  const problems = found.flatMap(({ method, event, as }) => {
    const at = `@Publish of ${name}.${method}`;
    return [...eventProblem(at, event), ...eventProblem(at, as)];
  });
  if (found.length === 0)
    problems.push(`${name} publishes nothing: put @Publish(Event, IntegrationEvent) above a method.`);
  if (problems.length === 0)
    for (const { method, event, as } of found) {
      if (eventDefinitionOf(as).isIntegration !== true)
        problems.push(
          `@Publish of ${name}.${method} makes ${as.name}, which is a domain event: tell others an @IntegrationEvent of its own, or they depend on how you store.`,
        );
      if (found.some((other) => other.method !== method && other.event === event))
        problems.push(`${name} has two methods for ${event.name}: one event becomes one event, so keep one of them.`);
    }
  if (problems.length > 0) throw ConfigurationError.of([...new Set(problems)]);
  const instance = new publication() as Record<string, Mapping['map']>;
  return {
    topic,
    mappings: new Map(
      found.map(({ method, event, as }): [string, Mapping] => {
        const definition = eventDefinitionOf(event);
        return [
          definition.name,
          {
            method: `${name}.${method}`,
            event: definition,
            as: eventDefinitionOf(as),
            // `!`: the decorator stood above this very method.
            map: instance[method]!.bind(instance),
          },
        ];
      }),
    ),
    publication,
  };
}
