import {
  plainEventData,
  UnsupportedCapability,
  type AppendOptions,
  type Commit,
  type CommitReceipt,
  type Environment,
  type EventStore,
  type NewEvent,
  type PayloadCodec,
  type ReadRange,
  type StoreCapability,
  type StreamAppend,
  type StreamName,
  type StreamSlice,
} from '@nestfold/core';
import { uuidBinary } from '../connection/bson-mapping.js';
import type { CommitAppender } from './commit-appender.js';
import type { CommitReader } from './commit-reader.js';
import type { GroupCommit } from './group-commit.js';
import { prepareCommit } from './prepared-commit.js';

const DEFAULT_TIMEOUT_MS = 10_000;

/** What the log works with. */
export interface EventStoreParts {
  readonly environment: Environment;
  readonly codec?: PayloadCodec | undefined;
  readonly reader: CommitReader;
  readonly appender: CommitAppender;
  readonly group: GroupCommit;
  readonly epoch: () => Promise<string>;
}

/**
 * The log on MongoDB: one document a commit, so that one insert is one atomic append. Appends to several streams, streams only read, claims
 * and in-line writes are refused as unsupported.
 */
export class MongoEventStore implements EventStore {
  readonly capabilities: ReadonlySet<StoreCapability> = new Set();

  constructor(private readonly parts: EventStoreParts) {}

  async append(streams: readonly StreamAppend[], options?: AppendOptions): Promise<readonly CommitReceipt[]> {
    const [append] = streams;
    if (append === undefined) return [];
    if (streams.length > 1) throw new UnsupportedCapability('several-streams', 'mongodb');
    if (options) refuseUnsupported(options);
    const { environment, codec, appender, group } = this.parts;
    group.insistOpen();
    const now = environment.now();
    const deadline = now + (options?.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    let events: readonly NewEvent[] = append.events;
    if (codec && events.length > 0)
      events = await codec.encode(append.events.map((event) => ({ stream: append.stream, event: plain(event) })));
    const commit = prepareCommit(append, events, now);
    return [await appender.append({ id: append.commitId, commit, expected: append.expected, deadline })];
  }

  read(stream: StreamName, range: ReadRange = {}): Promise<StreamSlice> {
    return this.parts.reader.read(stream, range);
  }

  head(stream: StreamName): Promise<Commit | undefined> {
    return this.parts.reader.head(stream);
  }

  async findKeyed(stream: StreamName, commitId: string): Promise<Commit | undefined> {
    return this.parts.reader.findKeyed(stream, uuidBinary(commitId));
  }

  epoch(): Promise<string> {
    return this.parts.epoch();
  }

  /** Takes nothing more and waits for appends on their way, at most so long. */
  close(limitMs: number): Promise<void> {
    return this.parts.group.close(limitMs);
  }
}

/** What a codec gets is as fit for storage as what it answers must be. */
function plain({ type, schema, data }: NewEvent): NewEvent {
  return { type, schema, data: plainEventData(type, data) };
}

function refuseUnsupported({ unchanged, claims, writes }: AppendOptions): void {
  if (unchanged && unchanged.length > 0) throw new UnsupportedCapability('unchanged', 'mongodb');
  if (claims && claims.length > 0) throw new UnsupportedCapability('claims', 'mongodb');
  if (writes && writes.length > 0) throw new UnsupportedCapability('writes', 'mongodb');
}
