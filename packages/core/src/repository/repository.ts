import type { StateOf } from '../aggregate/aggregate-root.js';
import type { CommandReceipt } from '../command/command-receipt.js';
import type { StatedVersion } from '../stream/expected-version.js';

declare const AGGREGATE: unique symbol;

/** Refuses decisions that answer a promise. */
export type NotPromise<R> = R extends PromiseLike<unknown> ? never : unknown;

/** What a write may insist on or say. */
export interface WriteOptions {
  /** The version that the caller has seen (`If-Match`): another one is a `StreamConflict`, and nothing is tried again. Defaults, for the first write of a handling, to what its message stated. */
  readonly expected?: StatedVersion | undefined;
  /** When it happened, by the domain; for imports. Defaults to the time of the decision. */
  readonly occurredAt?: Date | undefined;
}

/** Which moment to load; the present by default. */
export interface LoadOptions {
  /** The state after this version, or after the last one if there are fewer. */
  readonly version?: number | undefined;
  /** The state by what had occurred up to this moment. */
  readonly at?: Date | undefined;
}

/** An aggregate's state at a version. */
export interface LoadedAggregate<A> {
  readonly id: string;
  readonly version: number;
  readonly state: StateOf<A>;
}

/**
 * Loads aggregates, lets them decide, and appends what they emit. A decision is synchronous and pure, since it runs again on newer state after a
 * conflict. Within the handling of a keyed message a write takes effect once: a repetition gets the first receipt and decides nothing.
 * A decision that emits nothing appends nothing, and answers the current version.
 *
 * Writes throw what the decision throws, and `StreamConflict` (lost every race, or another version than `expected`: load again), `AppendOutcomeUnknown`,
 * `AppendContention`, `StoreOverloaded`, `StoreUnavailable` (repeat the message under the same key), `EventFromNewerBuild` (repeat later),
 * `InvalidEvent`, `CommitTooLarge`, `CommandKeyReused` (never repeat), `InvalidMessage` for an unfit id.
 *
 * A class, so that decorated constructors can name it.
 * @publicApi
 */
export abstract class Repository<A> {
  /** Exists in types only: keeps the repository of one aggregate from standing for that of another. */
  declare readonly [AGGREGATE]?: (aggregate: A) => A;

  /** For a stream that must not exist yet, else `StreamConflict`. */
  abstract create<R>(
    id: string,
    decide: (aggregate: A) => R & NotPromise<R>,
    options?: WriteOptions,
  ): Promise<CommandReceipt>;
  /** For a stream that must exist, else `AggregateNotFound`. */
  abstract update<R>(
    id: string,
    decide: (aggregate: A) => R & NotPromise<R>,
    options?: WriteOptions,
  ): Promise<CommandReceipt>;
  /** For a stream that may exist or not. */
  abstract save<R>(
    id: string,
    decide: (aggregate: A) => R & NotPromise<R>,
    options?: WriteOptions,
  ): Promise<CommandReceipt>;
  /** The state now, or at a version or moment; `undefined` where there are no events. */
  abstract load(id: string, options?: LoadOptions): Promise<LoadedAggregate<A> | undefined>;
}
