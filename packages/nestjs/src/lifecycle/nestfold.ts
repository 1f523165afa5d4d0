import { Injectable } from '@nestjs/common';
import type { AggregateDefinition, Ctor, EventTypes, Repository, StoreConnection } from '@nestfold/core';
import type {
  ProjectionEngine,
  Readiness,
  ReadModel,
  WaitOptions,
  WaitOutcome,
  WaitTarget,
} from '@nestfold/projections';
import { ContextualRepository } from '../injection/contextual-repository.js';
import { RuntimeState } from './runtime-state.js';

/**
 * The running framework of an application, for tests, health and operators. Everything but `readiness` throws
 * `ConfigurationError` before `onModuleInit` and after the end of a shutdown.
 * @publicApi
 */
@Injectable()
export class Nestfold {
  constructor(private readonly state: RuntimeState) {}

  /** The store, through its ports. */
  get connection(): StoreConnection {
    return this.state.current.connection;
  }

  /** What feeds the read models: statuses and rebuilds. */
  get engine(): ProjectionEngine {
    return this.state.current.engine;
  }

  /** The events that this process knows. */
  get types(): EventTypes {
    return this.state.current.types;
  }

  /** The aggregates that features registered. */
  get aggregates(): readonly AggregateDefinition[] {
    return this.state.current.aggregates;
  }

  /** The repository of a registered aggregate, as `@InjectRepository` gives it. Throws `ConfigurationError` at its use when it is not registered. */
  repository<A extends object>(aggregate: Ctor<A>): Repository<A> {
    return new ContextualRepository(aggregate, () => this.state.repository(aggregate));
  }

  /** The read side of a model that a projection of this process writes. */
  readModel<D extends object>(model: Ctor<D>): ReadModel<D> {
    return this.engine.readModel(model);
  }

  /**
   * Ends when the projections and events handlers of this process have done everything that was stored before the call: for tests, which
   * need no sleeping then. Throws when one has stopped or the time is over.
   */
  settled(options?: { readonly timeoutMs?: number }): Promise<void> {
    return this.engine.settled(options);
  }

  /**
   * Waits, for 2,000 ms unless `timeoutMs` says otherwise, until one commit is applied by a projection, whichever process does it: a read here sees it
   * then. See `ProjectionEngine.waitFor`; commands have the option `waitFor`, and requests `?waitFor=`.
   */
  waitFor(projection: string, commit: WaitTarget, options?: WaitOptions): Promise<WaitOutcome> {
    return this.engine.waitFor(projection, commit, options);
  }

  /** Whether this process may be sent requests, and why not; asks nothing over the network. */
  readiness(): Readiness {
    const { phase } = this.state;
    if (phase === 'running') return this.engine.readiness();
    const reasons = {
      starting: 'the application is starting',
      draining: 'the application is shutting down',
      stopped: 'the application has stopped',
    };
    return { ready: false, reasons: [reasons[phase]] };
  }
}
