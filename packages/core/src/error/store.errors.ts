import type { StreamName } from '../stream/stream-name.js';
import { describeExpected, type ExpectedVersion } from '../stream/expected-version.js';
import { hasCode, NestfoldError } from './nestfold.error.js';

/** Another writer was first, or the stated version is not the stream's. Load anew and decide again. */
export class StreamConflict extends NestfoldError {
  readonly code = 'stream.conflict';
  readonly retry = 'reload';

  constructor(
    readonly stream: StreamName,
    readonly expected: ExpectedVersion,
    /** The stream's version when it was found out; 0 for no stream. */
    readonly actual: number,
  ) {
    super(conflictIn(stream, expected, actual), {
      stream,
      expected: typeof expected === 'string' ? expected : expected.version,
      actual,
      // Whoever stated the version states it again: no repetition of the same helps, other than after a lost race.
      ...(typeof expected === 'object' && expected.kind === 'stated' && { stated: true }),
    });
  }
}

function conflictIn(stream: StreamName, expected: ExpectedVersion, actual: number): string {
  const toBeNew =
    expected === 'noStream' || (typeof expected === 'object' && expected.kind === 'loaded' && expected.version === 0);
  if (toBeNew && actual > 0) return `'${stream}' exists already, at version ${actual}: it was to be a new stream.`;
  if (expected === 'streamExists' && actual === 0) return `'${stream}' does not exist, but was to.`;
  return `'${stream}' is at version ${actual}, but ${describeExpected(expected)} was expected.`;
}

/** An append with `any` or `streamExists` lost each race until its deadline. Repeat it with the same commit id. */
export class AppendContention extends NestfoldError {
  readonly code = 'append.contention';
  readonly retry = 'later';

  constructor(readonly stream: StreamName) {
    super(`'${stream}' is written too often: this append lost every race until its deadline. Repeat it later.`, {
      stream,
    });
  }
}

/** The store did not say in time whether the append is stored. Repeat it with the same commit id: it takes effect once. */
export class AppendOutcomeUnknown extends NestfoldError {
  readonly code = 'append.outcome-unknown';
  readonly retry = 'later';

  constructor(
    readonly stream: StreamName,
    options?: ErrorOptions,
  ) {
    super(
      `It is unknown whether the append to '${stream}' is stored. Repeat it with the same key: it takes effect once.`,
      { stream },
      options,
    );
  }
}

/** The bounded queue of appends is full, or the store is shutting down; nothing was stored. */
export class StoreOverloaded extends NestfoldError {
  readonly code = 'store.overloaded';
  readonly retry = 'later';
}

/** The database does not answer. */
export class StoreUnavailable extends NestfoldError {
  readonly code = 'store.unavailable';
  readonly retry = 'later';
}

/** A commit is larger than a store takes (8 MB). */
export class CommitTooLarge extends NestfoldError {
  readonly code = 'commit.too-large';
  readonly retry = 'never';

  constructor(
    readonly stream: StreamName,
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(
      `The commit for '${stream}' has ${bytes} bytes, more than the ${limit} that are allowed. Split the decision, or keep large contents elsewhere.`,
      { stream, bytes, limit },
    );
  }
}

/** An event cannot be stored or read: not plain data, an unknown type, or refused by its upcaster. */
export class InvalidEvent extends NestfoldError {
  readonly code = 'event.invalid';
  readonly retry = 'never';
}

/** The stream holds an event that this build does not know yet; a newer build is to handle the request. */
export class EventFromNewerBuild extends NestfoldError {
  readonly code = 'event.from-newer-build';
  readonly retry = 'later';

  constructor(
    readonly stream: StreamName,
    readonly eventType: string,
    readonly schema: number,
    /** The event's place in the stream, where it is known. */
    version?: number,
  ) {
    super(
      `'${stream}' holds '${eventType}' at version ${schema}, which this build does not know: a newer build must handle it.`,
      {
        stream,
        type: eventType,
        schema,
        ...(version !== undefined && { event: `${stream}:${version}` }),
      },
    );
  }
}

/** The key was used for another command before. Use a fresh key. */
export class CommandKeyReused extends NestfoldError {
  readonly code = 'command.key-reused';
  readonly retry = 'never';

  constructor(readonly stream: StreamName) {
    super('This idempotency key was used for a command with another body. Use a fresh key for each command.', {});
  }
}

/** The value belongs to somebody else: an append that takes it stores nothing. */
export class ClaimTaken extends NestfoldError {
  readonly code = 'claim.taken';
  readonly retry = 'never';

  constructor(
    readonly scope: string,
    readonly value: string,
  ) {
    super(`The ${scope} '${value}' is taken.`, { scope, value });
  }
}

/** There is no stream where one must be. */
export class AggregateNotFound extends NestfoldError {
  readonly code = 'aggregate.not-found';
  readonly retry = 'never';

  constructor(readonly stream: StreamName) {
    super(`'${stream}' does not exist.`, { stream });
  }
}

/** The adapter cannot do what was asked for. */
export class UnsupportedCapability extends NestfoldError {
  readonly code = 'capability.unsupported';
  readonly retry = 'never';

  constructor(
    readonly capability: string,
    readonly adapter: string,
  ) {
    super(`The ${adapter} adapter does not support '${capability}'.`, { capability, adapter });
  }
}

export const isStreamConflict = (error: unknown): error is StreamConflict => hasCode(error, 'stream.conflict');
export const isAppendContention = (error: unknown): error is AppendContention => hasCode(error, 'append.contention');
export const isAppendOutcomeUnknown = (error: unknown): error is AppendOutcomeUnknown =>
  hasCode(error, 'append.outcome-unknown');
export const isStoreOverloaded = (error: unknown): error is StoreOverloaded => hasCode(error, 'store.overloaded');
export const isStoreUnavailable = (error: unknown): error is StoreUnavailable => hasCode(error, 'store.unavailable');
export const isCommitTooLarge = (error: unknown): error is CommitTooLarge => hasCode(error, 'commit.too-large');
export const isInvalidEvent = (error: unknown): error is InvalidEvent => hasCode(error, 'event.invalid');
export const isEventFromNewerBuild = (error: unknown): error is EventFromNewerBuild =>
  hasCode(error, 'event.from-newer-build');
export const isCommandKeyReused = (error: unknown): error is CommandKeyReused => hasCode(error, 'command.key-reused');
export const isClaimTaken = (error: unknown): error is ClaimTaken => hasCode(error, 'claim.taken');
export const isAggregateNotFound = (error: unknown): error is AggregateNotFound =>
  hasCode(error, 'aggregate.not-found');
export const isUnsupportedCapability = (error: unknown): error is UnsupportedCapability =>
  hasCode(error, 'capability.unsupported');
