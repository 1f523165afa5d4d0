import type { Commit } from '../event/event.js';
import type { LoadedVersion } from '../stream/expected-version.js';
import type { StreamName } from '../stream/stream-name.js';
import type { AppendOptions, CommitReceipt, StreamAppend } from './append.js';

/** What a store can do beyond one stream an append. */
export type StoreCapability = 'several-streams' | 'unchanged' | 'claims' | 'writes';

/** Which part of a stream to read; all of it by default. */
export interface ReadRange {
  /** From the commit that holds this version. */
  readonly fromVersion?: number;
  /** Commits that begin after this version are left out. */
  readonly toVersion?: number;
  /** Commits that occurred after this moment are left out. */
  readonly until?: Date;
  /** At most this many commits. */
  readonly limit?: number;
}

/** A stretch of a stream, whole commits in order. */
export interface StreamSlice {
  readonly stream: StreamName;
  readonly commits: readonly Commit[];
  /** Where the slice ends: 0 for a stream without events. An append guarded by it is refused when the stream is longer. */
  readonly version: LoadedVersion;
}

/**
 * The log. An implementer owes: an append is atomic and durable before it is acknowledged; versions of a stream are
 * dense and start at 1; of several writers at one version exactly one wins, by the database's answer and not by a read
 * before; an append whose commit id is already in the stream stores nothing and answers that commit's receipt
 * (`CommandKeyReused` when the body's hash differs); reads are as fresh as the last acknowledged append.
 *
 * `append` throws: `StreamConflict` (reload and decide again), `AppendContention` and `AppendOutcomeUnknown` (repeat
 * with the same commit id), `StoreOverloaded` (repeat later), `InvalidEvent` and `CommitTooLarge` (never repeat), `ClaimTaken`,
 * `UnsupportedCapability`.
 */
export interface EventStore {
  readonly capabilities: ReadonlySet<StoreCapability>;
  /** Answers a receipt for each stream, in the order given. */
  append(streams: readonly StreamAppend[], options?: AppendOptions): Promise<readonly CommitReceipt[]>;
  read(stream: StreamName, range?: ReadRange): Promise<StreamSlice>;
  /** The last commit of a stream. */
  head(stream: StreamName): Promise<Commit | undefined>;
  /** Finds a *keyed* commit of a stream at any age. */
  findKeyed(stream: StreamName, commitId: string): Promise<Commit | undefined>;
  /** Names this store since its creation or last restore. */
  epoch(): Promise<string>;
}
