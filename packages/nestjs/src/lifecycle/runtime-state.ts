import { Injectable } from '@nestjs/common';
import {
  ConfigurationError,
  type AggregateDefinition,
  type AggregateRepository,
  type Ctor,
  type EventTypes,
  type StoreConnection,
  type TransportConnection,
} from '@nestfold/core';
import type { ProjectionEngine } from '@nestfold/projections';
import type { MessageRoutes } from '../bus/message-route.js';

/** What exists between start and end. */
export interface RuntimeParts {
  readonly connection: StoreConnection;
  readonly transport?: TransportConnection;
  readonly engine: ProjectionEngine;
  readonly types: EventTypes;
  readonly aggregates: readonly AggregateDefinition[];
  readonly repositories: ReadonlyMap<Ctor<object>, AggregateRepository<object>>;
  readonly commands: MessageRoutes;
  readonly queries: MessageRoutes;
}

/** `starting` until the engine runs, `draining` from the first sign of a shutdown on, `stopped` when the store is closed. */
export type Phase = 'starting' | 'running' | 'draining' | 'stopped';

/** Where the lifecycle puts what it made, and where everything injected looks for it. */
@Injectable()
export class RuntimeState {
  phase: Phase = 'starting';
  private parts: RuntimeParts | undefined;

  begin(parts: RuntimeParts): void {
    this.parts = parts;
  }

  end(): void {
    this.parts = undefined;
    this.phase = 'stopped';
  }

  /** Throws `ConfigurationError` before the start and after the end. */
  get current(): RuntimeParts {
    if (this.parts !== undefined) return this.parts;
    throw new ConfigurationError(
      this.phase === 'stopped'
        ? 'Nestfold has stopped with its application: do the work before onApplicationShutdown.'
        : 'Nestfold has not started yet: use repositories, read models and buses from onModuleInit on, not in constructors, and call app.init() or app.listen() first.',
    );
  }

  /** The repository of a registered aggregate. */
  repository<A extends object>(aggregate: Ctor<A>): AggregateRepository<A> {
    const repository = this.current.repositories.get(aggregate);
    if (repository !== undefined) return repository as unknown as AggregateRepository<A>;
    throw new ConfigurationError(
      `${aggregate.name} is not registered: add it to NestfoldModule.forFeature({ aggregates: [${aggregate.name}] }).`,
    );
  }
}
