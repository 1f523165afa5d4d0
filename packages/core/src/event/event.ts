import type { StoreTime } from '../feed/store-time.js';
import type { StreamName } from '../stream/stream-name.js';
import type { Metadata } from './metadata.js';

/** A fact before storage: its stable name, the version of its schema, and plain data. */
export interface NewEvent {
  readonly type: string;
  readonly schema: number;
  readonly data: object;
}

/** A fact as it stands in a commit: still in the schema in which it was written. */
export type StoredEvent = NewEvent;

/** What one atomic append stored: one or more events of one stream, all or none of them visible. */
export interface Commit {
  readonly stream: StreamName;
  /** The version of the first event; the first of a stream is 1. */
  readonly firstVersion: number;
  /** A UUID: derived from the command, so that a repetition finds what the first attempt stored. */
  readonly id: string;
  /** Whether a caller's own key stands behind the id (then it is searched for at any age). */
  readonly keyed: boolean;
  /** The hash of the command's body, to tell a repetition from another command under the same key. */
  readonly bodyHash?: string;
  readonly events: readonly StoredEvent[];
  readonly metadata: Metadata;
  /** When it happened, by the domain; equals `recordedAt` unless the appender set it (imports). */
  readonly occurredAt: Date;
  /** The appender's clock: for people, never for order. */
  readonly recordedAt: Date;
  /** The store's clock at the append: sorts history, never means "all before it has been seen". */
  readonly time: StoreTime;
}

/** A fact after storage, with its place. */
export interface EventEnvelope extends StoredEvent {
  /** `<stream>:<version>`, unique in the store. */
  readonly id: string;
  readonly stream: StreamName;
  readonly version: number;
  readonly commitId: string;
  readonly metadata: Metadata;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly time: StoreTime;
}

/** The version of a commit's last event. */
export function lastVersionOf(commit: Pick<Commit, 'firstVersion' | 'events'>): number {
  return commit.firstVersion + commit.events.length - 1;
}

/** The events of a commit, each with its place. */
export function envelopesOf(commit: Commit): EventEnvelope[] {
  const { stream, firstVersion, id: commitId, metadata, occurredAt, recordedAt, time } = commit;
  return commit.events.map(({ type, schema, data }, index) => {
    const version = firstVersion + index;
    return {
      id: `${stream}:${version}`,
      stream,
      version,
      type,
      schema,
      data,
      commitId,
      metadata,
      occurredAt,
      recordedAt,
      time,
    };
  });
}
