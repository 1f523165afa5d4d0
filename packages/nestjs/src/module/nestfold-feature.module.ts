import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import type { Ctor } from '@nestfold/core';
import { ContextualRepository } from '../injection/contextual-repository.js';
import { DeferredReadModel } from '../injection/deferred-read-model.js';
import { injectionTokenOf } from '../injection/injection-token.js';
import { RuntimeState } from '../lifecycle/runtime-state.js';
import { Feature, type FeatureOptions } from './feature.js';

/** What one `NestfoldModule.forFeature` makes. Global, so that a repository can be injected wherever its aggregate's class can be imported. */
@Module({})
export class NestfoldFeatureModule {
  static of(options: FeatureOptions): DynamicModule {
    const feature = new Feature(options);
    const injectable = [
      ...feature.aggregates.filter(isClass).map(repositoryProvider),
      ...feature.readModels.filter(isClass).map(readModelProvider),
    ];
    return {
      module: NestfoldFeatureModule,
      global: true,
      providers: [{ provide: Symbol('Nestfold feature'), useValue: feature }, ...injectable],
      exports: injectable.map(({ provide }) => provide),
    };
  }
}

/** A cycle of imports leaves classes undefined, which the start reports. */
function isClass(value: Ctor<object> | undefined): value is Ctor<object> {
  return typeof value === 'function';
}

function repositoryProvider(aggregate: Ctor<object>): FactoryProvider {
  return {
    provide: injectionTokenOf('repository', aggregate),
    inject: [RuntimeState],
    useFactory: (state: RuntimeState) => new ContextualRepository(aggregate, () => state.repository(aggregate)),
  };
}

function readModelProvider(model: Ctor<object>): FactoryProvider {
  return {
    provide: injectionTokenOf('read-model', model),
    inject: [RuntimeState],
    useFactory: (state: RuntimeState) => new DeferredReadModel(() => state.current.engine.readModel(model)),
  };
}
