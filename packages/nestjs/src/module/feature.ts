import type { Ctor } from '@nestfold/core';

/**
 * What `NestfoldModule.forFeature` registers.
 * @publicApi
 */
export interface FeatureOptions {
  /** Classes with `@Aggregate`: their `@Handle` methods serve the command bus, and their repositories can be injected. */
  readonly aggregates?: readonly Ctor<object>[];
  /** Events that no aggregate, projection or handler of this process names, such as those that only an import writes. */
  readonly events?: readonly Ctor<object>[];
  /** Models that are to be injected with `@InjectReadModel`; some projection among the providers must feed each. */
  readonly readModels?: readonly Ctor<object>[];
}

/** One registration, found by discovery. */
export class Feature {
  readonly aggregates: readonly Ctor<object>[];
  readonly events: readonly Ctor<object>[];
  readonly readModels: readonly Ctor<object>[];

  constructor({ aggregates = [], events = [], readModels = [] }: FeatureOptions) {
    this.aggregates = aggregates;
    this.events = events;
    this.readModels = readModels;
  }
}
