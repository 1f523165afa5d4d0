import type { AggregateDefinition, Ctor, EventTypes, Repository } from '@nestfold/core';
import type { ProjectionDefinition, PublicationDefinition, RegisteredHandler } from '@nestfold/projections';
import type { MessageRoutes } from '../bus/message-route.js';
import type { Discovered } from '../discovery/discovered.js';
import type { NestfoldOptions } from '../module/nestfold-options.js';
import { eventTypesOf } from './event-catalogue.js';
import { injectionProblems } from './injections.js';
import { commandRoutesOf, queryRoutesOf } from './message-handlers.js';
import { messageRuleProblems } from './message-rules.js';
import { optionProblems } from './option-problems.js';
import { ProblemList } from './problem-list.js';
import { eventsHandlersOf, processManagerProblems, projectionsOf, publicationsOf } from './read-side.js';
import { aggregatesOf } from './write-side.js';

/** A sound application, as its definitions say. */
export interface Assembly {
  readonly types: EventTypes;
  readonly aggregates: readonly AggregateDefinition[];
  readonly projections: readonly ProjectionDefinition[];
  readonly handlers: readonly RegisteredHandler[];
  readonly publications: readonly PublicationDefinition[];
  readonly commands: MessageRoutes;
  readonly queries: MessageRoutes;
}

/**
 * Puts together what was found. Touches nothing outside of this process, so that mistakes show without a database. Throws
 * one `ConfigurationError` with everything that is wrong.
 */
export function assemble(
  discovered: Discovered,
  options: NestfoldOptions,
  repositoryOf: (aggregate: Ctor<object>) => Repository<object>,
): Assembly {
  const problems = new ProblemList();
  const { features, providers } = discovered;
  problems.add(...optionProblems(options));
  const aggregates = aggregatesOf(features, problems);
  const projections = projectionsOf(providers, problems);
  const handlers = eventsHandlersOf(providers, problems);
  const publications = publicationsOf(providers, problems);
  processManagerProblems(providers, problems);
  const commands = commandRoutesOf(providers, aggregates, repositoryOf, problems);
  const queries = queryRoutesOf(providers, problems);
  messageRuleProblems([...commands.messages, ...queries.messages], problems);
  injectionProblems(discovered, projections, problems);
  const types = eventTypesOf(features, aggregates, projections, handlers, publications, problems);
  problems.throwIfAny();
  // Undefined only together with a problem.
  return { types: types as EventTypes, aggregates, projections, handlers, publications, commands, queries };
}
