import { EventTypes, type AggregateDefinition, type Ctor } from '@nestfold/core';
import type { ProjectionDefinition, PublicationDefinition, RegisteredHandler } from '@nestfold/projections';
import type { Feature } from '../module/feature.js';
import type { ProblemList } from './problem-list.js';

/** All events that this process knows: whoever names one brings it in. */
export function eventTypesOf(
  features: readonly Feature[],
  aggregates: readonly AggregateDefinition[],
  projections: readonly ProjectionDefinition[],
  handlers: readonly RegisteredHandler[],
  publications: readonly PublicationDefinition[],
  problems: ProblemList,
): EventTypes | undefined {
  const named: Ctor<object>[] = [
    ...features.flatMap(({ events }) => events),
    ...aggregates.flatMap(({ events }) => events),
    ...projections.flatMap(({ events }) => events.map(({ event }) => event)),
    ...handlers.flatMap(({ definition }) => definition.events.map(({ event }) => event)),
    ...publications.flatMap(({ mappings }) => [...mappings.values()].map(({ event }) => event.event)),
  ];
  return problems.attempt(() => EventTypes.of(new Set(named)));
}
