import type { AggregateDefinition, Ctor, Repository } from '@nestfold/core';
import { aggregateRoute } from '../bus/aggregate-route.js';
import { MessageRoutes, type MessageRoute } from '../bus/message-route.js';
import type { DiscoveredProvider } from '../discovery/discovered.js';
import { handledMessageOf, type HandlerKind } from '../handler/handler-metadata.js';
import { forEachShared, type ProblemList } from './problem-list.js';

interface Executing {
  execute(message: object): Promise<unknown>;
}

/** The routes of commands: to handler classes and to the aggregates' own methods. */
export function commandRoutesOf(
  providers: readonly DiscoveredProvider[],
  aggregates: readonly AggregateDefinition[],
  repositoryOf: (aggregate: Ctor<object>) => Repository<object>,
  problems: ProblemList,
): MessageRoutes {
  const own = aggregates.flatMap((definition) =>
    definition.handles.map((handle) => aggregateRoute(definition, handle, repositoryOf)),
  );
  return routesOf('command', [...classRoutesOf('command', providers, problems), ...own], problems);
}

/** The routes of queries. */
export function queryRoutesOf(providers: readonly DiscoveredProvider[], problems: ProblemList): MessageRoutes {
  return routesOf('query', classRoutesOf('query', providers, problems), problems);
}

function routesOf(kind: HandlerKind, routes: readonly MessageRoute[], problems: ProblemList): MessageRoutes {
  forEachShared(
    routes,
    ({ message }) => message,
    (message, twins) => {
      const names = [...new Set(twins.map(({ handledBy }) => handledBy))];
      problems.add(
        names.length === 1
          ? `${names[0]} handles ${message.name} and is a provider of several modules: list it in one of them.`
          : `${names.join(' and ')} both handle the ${kind} ${message.name}: keep one, or nobody knows which one runs.`,
      );
    },
  );
  return new MessageRoutes(kind, routes);
}

function classRoutesOf(
  kind: HandlerKind,
  providers: readonly DiscoveredProvider[],
  problems: ProblemList,
): MessageRoute[] {
  const decorator = kind === 'command' ? '@CommandHandler' : '@QueryHandler';
  return providers.flatMap(({ type, instance, singleton, module }) => {
    const handled = handledMessageOf(kind, type);
    if (handled === undefined) return [];
    const { message } = handled;
    if (typeof message !== 'function') {
      problems.add(
        `${decorator} of ${type.name} names no class: a cycle of imports leaves it undefined, so move the ${kind} to a file of its own.`,
      );
      return [];
    }
    if (typeof (type.prototype as Partial<Executing>).execute !== 'function') {
      problems.add(
        `${type.name} bears ${decorator} but has no method execute: add async execute(${kind}: ${message.name}).`,
      );
      return [];
    }
    if (!singleton) {
      problems.add(
        `${type.name} in ${module} handles ${message.name}, but is request-scoped or transient: let it and what it injects be singletons; currentContext() knows the request.`,
      );
      return [];
    }
    return [
      {
        message: message as Ctor<object>,
        handledBy: type.name,
        handle: (one: object) => (instance as Executing).execute(one),
      },
    ];
  });
}
