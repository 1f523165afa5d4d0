import { isProcessManager, type Ctor, type Type } from '@nestfold/core';
import {
  eventsHandlerDefinitionOf,
  isEventsHandler,
  isProjection,
  isPublication,
  projectionDefinitionOf,
  publicationDefinitionOf,
  type EventHandler,
  type ProjectionDefinition,
  type PublicationDefinition,
  type RegisteredHandler,
} from '@nestfold/projections';
import type { DiscoveredProvider } from '../discovery/discovered.js';
import { forEachShared, type ProblemList } from './problem-list.js';

/** The projections among the providers that are sound. */
export function projectionsOf(
  providers: readonly DiscoveredProvider[],
  problems: ProblemList,
): readonly ProjectionDefinition[] {
  const definitions: ProjectionDefinition[] = [];
  for (const type of new Set(
    providers.filter((provider) => isProjection(provider.type)).map((provider) => provider.type),
  )) {
    if (takesArguments(type)) {
      problems.add(
        `${type.name} is a projection, but its constructor takes arguments: a projection is pure and nothing is injected; do the work in an @EventsHandler, or bring the data in events.`,
      );
      continue;
    }
    const definition = problems.attempt(() => projectionDefinitionOf(type as Type<object>));
    if (definition !== undefined) definitions.push(definition);
  }
  forEachShared(
    definitions,
    ({ name }) => name,
    (name, twins) => {
      problems.add(`${namesOf(twins)} are both named '${name}': give each projection its own name in @Projection.`);
    },
  );
  readModelProblems(definitions, problems);
  return definitions;
}

/** The publications among the providers that are sound. */
export function publicationsOf(
  providers: readonly DiscoveredProvider[],
  problems: ProblemList,
): readonly PublicationDefinition[] {
  const found = new Set(providers.filter(({ type }) => isPublication(type)).map(({ type }) => type));
  return [...found].flatMap((type) => {
    if (takesArguments(type)) {
      problems.add(
        `${type.name} is a publication, but its constructor takes arguments: it is pure and nothing is injected; bring the data in events.`,
      );
      return [];
    }
    return problems.attempt(() => publicationDefinitionOf(type as Type<object>)) ?? [];
  });
}

/** The events handlers among the providers that are sound, with their instances. */
export function eventsHandlersOf(
  providers: readonly DiscoveredProvider[],
  problems: ProblemList,
): readonly RegisteredHandler[] {
  const handlers: RegisteredHandler[] = [];
  for (const { type, instance, singleton, module } of providers) {
    if (!isEventsHandler(type)) continue;
    const definition = problems.attempt(() => eventsHandlerDefinitionOf(type));
    if (typeof (type.prototype as Partial<EventHandler>).handle !== 'function') {
      problems.add(`${type.name} bears @EventsHandler but has no method handle: add async handle(event, context).`);
    } else if (!singleton) {
      problems.add(
        `${type.name} in ${module} is an events handler, but request-scoped or transient: there is no request to serve, so let it and what it injects be singletons.`,
      );
    } else if (definition !== undefined) {
      handlers.push({ definition, instance: instance as EventHandler });
    }
  }
  forEachShared(
    handlers,
    ({ definition }) => definition.name,
    (name, twins) => {
      const classes = [...new Set(twins.map(({ definition }) => definition.handler.name))];
      problems.add(
        classes.length === 1
          ? `${classes[0]} is a provider of several modules: keep one, or each event would be handled by several instances.`
          : `${classes.join(' and ')} are both named '${name}': give each events handler its own name in @EventsHandler.`,
      );
    },
  );
  return handlers;
}

/** Process managers can be defined and tested, but this version does not run them: silence would look like work. */
export function processManagerProblems(providers: readonly DiscoveredProvider[], problems: ProblemList): void {
  for (const { type } of providers) {
    if (!isProcessManager(type)) continue;
    problems.add(
      `${type.name} is a process manager, which this version cannot run yet: take it out of the providers, and coordinate in an @EventsHandler that executes commands.`,
    );
  }
}

function readModelProblems(projections: readonly ProjectionDefinition[], problems: ProblemList): void {
  const owned = projections.flatMap((projection) =>
    [...new Set(projection.readModels)].map((readModel) => ({ projection, readModel })),
  );
  forEachShared(
    owned,
    ({ readModel }) => readModel.name,
    (name, owners) => {
      const models = [...new Set(owners.map(({ readModel }) => readModel.model))];
      if (models.length > 1) {
        problems.add(
          `${models.map((model) => model.name).join(' and ')} are both stored as '${name}': give one of them another name by @ReadModelDocument.`,
        );
      } else if (owners.length > 1) {
        problems.add(
          `The read model ${models[0]?.name} is written by ${namesOf(owners.map(({ projection }) => projection))}: let one projection write it, or give each a model of its own.`,
        );
      }
    },
  );
}

function takesArguments(type: Ctor<object>): boolean {
  const emitted = Reflect.getOwnMetadata('design:paramtypes', type) as readonly unknown[] | undefined;
  return (emitted?.length ?? type.length) > 0;
}

function namesOf(projections: readonly ProjectionDefinition[]): string {
  return projections.map(({ projection }) => projection.name).join(' and ');
}
