import { aggregateDefinitionOf, type AggregateDefinition } from '@nestfold/core';
import type { Feature } from '../module/feature.js';
import { forEachShared, type ProblemList } from './problem-list.js';

/** The registered aggregates that are sound. */
export function aggregatesOf(features: readonly Feature[], problems: ProblemList): readonly AggregateDefinition[] {
  const classes = new Set(features.flatMap(({ aggregates }) => aggregates));
  const definitions: AggregateDefinition[] = [];
  for (const aggregate of classes) {
    if (typeof aggregate !== 'function') {
      problems.add(
        'NestfoldModule.forFeature got an aggregate that is undefined: a cycle of imports, or a typing error.',
      );
      continue;
    }
    const definition = problems.attempt(() => aggregateDefinitionOf(aggregate));
    if (definition !== undefined) definitions.push(definition);
  }
  forEachShared(
    definitions,
    ({ category }) => category,
    (category, twins) => {
      problems.add(
        `${twins.map(({ aggregate }) => aggregate.name).join(' and ')} share the category '${category}', so their streams would mix: give each its own in @Aggregate.`,
      );
    },
  );
  return definitions;
}
