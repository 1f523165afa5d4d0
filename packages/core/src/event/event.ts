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
export interface StoredEvent extends NewEvent {
  /** Why its payload cannot be decoded; `data` is empty then, and `EventTypes.revive` throws. */
  readonly undecodable?: string;
}

/** Whether an event's payload is there: what was damaged in the store must not pass for an event whose fields are all missing. */
export function isReadable({ data, undecodable }: StoredEvent): boolean {
  return (
    typeof data === 'object' && (data as object | null) !== null && undecodable === undefined && !Array.isArray(data)
  );
}

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

/** The events of a commit, each with its place; what all of them share is looked up in the commit when it is asked for. */
export function envelopesOf(commit: Commit): EventEnvelope[] {
  return commit.events.map((event, index) => new CommittedEvent(commit, commit.firstVersion + index, event));
}

/** An event within its commit. */
class CommittedEvent implements EventEnvelope {
  readonly type: string;
  readonly schema: number;
  readonly data: object;
  declare readonly undecodable?: string;

  constructor(
    private readonly commit: Commit,
    readonly version: number,
    { type, schema, data, undecodable }: StoredEvent,
  ) {
    this.type = type;
    this.schema = schema;
    this.data = data;
    if (undecodable !== undefined) this.undecodable = undecodable;
  }

  get id(): string {
    return `${this.commit.stream}:${this.version}`;
  }

  get stream(): StreamName {
    return this.commit.stream;
  }

  get commitId(): string {
    return this.commit.id;
  }

  get metadata(): Metadata {
    return this.commit.metadata;
  }

  get occurredAt(): Date {
    return this.commit.occurredAt;
  }

  get recordedAt(): Date {
    return this.commit.recordedAt;
  }

  get time(): StoreTime {
    return this.commit.time;
  }
}
