import { aggregateDefinitionOf, type Ctor } from '@nestfold/core';
import type { ProjectionDefinition } from '@nestfold/projections';
import type { Discovered } from '../discovery/discovered.js';
import { injectedParametersOf } from '../injection/injection-token.js';
import type { ProblemList } from './problem-list.js';

/** Whether everything that is injected is registered, and every model that is read is fed by somebody. */
export function injectionProblems(
  { features, classes }: Discovered,
  projections: readonly ProjectionDefinition[],
  problems: ProblemList,
): void {
  const aggregates = new Set<unknown>(features.flatMap((feature) => feature.aggregates));
  const readModels = new Set<unknown>(features.flatMap((feature) => feature.readModels));
  for (const owner of classes) {
    for (const { kind, of } of injectedParametersOf(owner)) {
      const decorator = kind === 'repository' ? '@InjectRepository' : '@InjectReadModel';
      if (typeof of !== 'function') {
        problems.add(
          `${decorator} in ${owner.name} names no class: a cycle of imports leaves it undefined, so move that class to a file of its own.`,
        );
      } else if (kind === 'repository' && !aggregates.has(of)) {
        problems.attempt(() => aggregateDefinitionOf(of as Ctor<object>));
        problems.add(
          `${owner.name} injects the repository of ${of.name}, which is not registered: add it to NestfoldModule.forFeature({ aggregates: [${of.name}] }).`,
        );
      } else if (kind === 'read-model' && !readModels.has(of)) {
        problems.add(
          `${owner.name} injects the read model ${of.name}, which is not registered: add it to NestfoldModule.forFeature({ readModels: [${of.name}] }).`,
        );
      }
    }
  }
  const fed = new Set<unknown>(projections.flatMap((projection) => projection.readModels.map(({ model }) => model)));
  for (const model of readModels) {
    if (typeof model !== 'function')
      problems.add(
        'NestfoldModule.forFeature got a read model that is undefined: a cycle of imports, or a typing error.',
      );
    else if (!fed.has(model))
      problems.add(
        `No projection writes the read model ${model.name}: list it in the readModels of a @Projection, and that class in the providers of a module.`,
      );
  }
}
