import type { Metadata } from '../event/metadata.js';
import type { NewEvent } from '../event/event.js';
import type { StoreTime } from '../feed/store-time.js';
import type { DocumentChange } from '../read-model/document-change.js';
import type { ExpectedVersion, LoadedVersion } from '../stream/expected-version.js';
import type { StreamName } from '../stream/stream-name.js';

/** The events that one decision adds to one stream. */
export interface StreamAppend {
  readonly stream: StreamName;
  readonly expected: ExpectedVersion;
  /** At least one. */
  readonly events: readonly NewEvent[];
  /** A UUID, the same at each repetition of the same decision. */
  readonly commitId: string;
  readonly keyed?: boolean;
  readonly bodyHash?: string;
  readonly metadata: Metadata;
  /** Defaults to `recordedAt`. */
  readonly occurredAt?: Date;
  /** The appender's clock when it decided, to be stored as it is: a decision saw it. Defaults to the clock at the append. */
  readonly recordedAt?: Date;
}

/** A stream that was only read for a decision and must not have moved. */
export interface StreamVersion {
  readonly stream: StreamName;
  readonly version: LoadedVersion;
}

/** A value that only one holder may have (an e-mail, a SKU). */
export interface Claim {
  readonly scope: string;
  readonly value: string;
  readonly action: 'take' | 'free';
}

/** A change of a read model that is written with the events (an in-line projection). */
export interface InlineWrite {
  readonly collection: string;
  readonly changes: readonly DocumentChange[];
}

/** What may accompany an append beyond one stream; a store refuses what it cannot do with `UnsupportedCapability`. */
export interface AppendOptions {
  readonly unchanged?: readonly StreamVersion[];
  readonly claims?: readonly Claim[];
  readonly writes?: readonly InlineWrite[];
  /** How long the caller waits, in milliseconds; default 10,000. Past it: `AppendOutcomeUnknown` or `AppendContention`. */
  readonly timeoutMs?: number;
}

/** What the store answers about a commit: built from what is stored, also when a repetition found it. */
export interface CommitReceipt {
  readonly stream: StreamName;
  readonly firstVersion: number;
  /** The version of the commit's last event. */
  readonly version: number;
  readonly commitId: string;
  /** The store's clock when the append was acknowledged: what a waiter compares with. */
  readonly time: StoreTime;
  /** True when the commit had been stored by an earlier attempt. */
  readonly repeated: boolean;
}
