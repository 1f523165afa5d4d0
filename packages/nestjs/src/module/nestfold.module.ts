import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CommandBus, QueryBus } from '@nestfold/core';
import { MessageBus } from '../bus/message-bus.js';
import { MessageGate } from '../bus/message-gate.js';
import { NestfoldCommandBus } from '../bus/nestfold-command-bus.js';
import { NestfoldQueryBus } from '../bus/nestfold-query-bus.js';
import { NestfoldExplorer } from '../discovery/nestfold-explorer.js';
import { NestfoldHealth } from '../lifecycle/nestfold-health.js';
import { NestfoldLifecycle } from '../lifecycle/nestfold-lifecycle.js';
import { Nestfold } from '../lifecycle/nestfold.js';
import { RuntimeState } from '../lifecycle/runtime-state.js';
import type { FeatureOptions } from './feature.js';
import { NestfoldFeatureModule } from './nestfold-feature.module.js';
import { ConfigurableModuleClass } from './nestfold-module-definition.js';

/**
 * Event sourcing and CQRS in an application. `forRoot` (or `forRootAsync`) once, in the root module; `forFeature` in each
 * module that brings aggregates or reads models. Handlers, projections and events handlers are ordinary providers of any module.
 * `onModuleInit` checks everything and connects: it throws one `ConfigurationError` that lists all mistakes.
 *
 * @example
 * ```ts
 * @Module({ imports: [NestfoldModule.forRoot({ store: mongo({ uri }) }), OrdersModule] })
 * export class AppModule {}
 *
 * @Module({
 *   imports: [NestfoldModule.forFeature({ aggregates: [Order], readModels: [OrderView] })],
 *   providers: [PlaceOrderHandler, OrderViewProjection, OrderMails],
 * })
 * export class OrdersModule {}
 * ```
 * @publicApi
 */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    NestfoldExplorer,
    RuntimeState,
    MessageGate,
    MessageBus,
    NestfoldLifecycle,
    Nestfold,
    NestfoldHealth,
    { provide: CommandBus, useClass: NestfoldCommandBus },
    { provide: QueryBus, useClass: NestfoldQueryBus },
  ],
  exports: [CommandBus, QueryBus, Nestfold, NestfoldHealth, RuntimeState],
})
export class NestfoldModule extends ConfigurableModuleClass {
  /** Registers aggregates, events and read models; may be called by as many modules as there are. */
  static forFeature(options: FeatureOptions): DynamicModule {
    return NestfoldFeatureModule.of(options);
  }
}
