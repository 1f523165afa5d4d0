import type { Environment, EventTransport, Logger, PayloadCodec, RetryBudget, StoreAdapter } from '@nestfold/core';
import type { EngineSettings } from '@nestfold/projections';

/**
 * What a process does: `commands` and `queries` serve the buses, `projections` feeds read models, `handlers` runs events handlers, `relay` fills
 * the topics of the transport, if there is one.
 * Reading a model and writing through a repository are possible in every process.
 */
export type Role = 'commands' | 'queries' | 'projections' | 'handlers' | 'relay';

/** All roles, which is what a process has unless it says otherwise. */
export const ALL_ROLES: readonly Role[] = ['commands', 'queries', 'projections', 'handlers', 'relay'];

/**
 * Options of `NestfoldModule.forRoot`. Times are milliseconds.
 * @publicApi
 */
export interface NestfoldOptions {
  /** Where everything is kept: `mongo({ uri })`, or `inMemory()` for tests. */
  readonly store: StoreAdapter;
  /** What carries commits to other services and from them: `[kafka({ … })]`, one at most. None by default. */
  readonly transports?: readonly EventTransport[];
  /** What this process does; everything by default. Handlers of other roles may still be among the providers. */
  readonly roles?: readonly Role[];
  /** A stage between events and the store, for encryption; snapshots and read models are stored as they are. None by default. */
  readonly codec?: PayloadCodec;
  /** Time and chance; the machine's by default. */
  readonly environment?: Environment;
  /** Where the runtime says what an operator should know; Nest's logger by default. */
  readonly logger?: Logger;
  /** Names what is deployed, such as a version or a commit hash, for other processes and for operators. Default `unnamed`. */
  readonly build?: string;
  /** How long the start tries to reach a store that does not answer, with growing pauses; one short attempt at 0. Default 30,000. */
  readonly connectWithinMs?: number;
  /** How long a shutdown waits for messages in flight. Default 10,000. */
  readonly drainMs?: number;
  /** How often and how long a repository decides again after a lost race. Default: 8 attempts within 3,000. */
  readonly retry?: RetryBudget;
  /** Times and sizes of the projections' engine, over its defaults. */
  readonly engine?: Partial<EngineSettings>;
}
