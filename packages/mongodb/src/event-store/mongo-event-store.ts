import {
  InvalidEvent,
  plainEventData,
  UnsupportedCapability,
  type AppendOptions,
  type Commit,
  type CommitReceipt,
  type EventStore,
  type ReadRange,
  type StoreCapability,
  type StreamAppend,
  type StreamName,
  type StreamSlice,
} from '@nestfold/core';
import type { MongoContext } from '../connection/mongo-context.js';
import { CommitAppender } from './commit-appender.js';
import type { CommitReader } from './commit-reader.js';
import type { CommitSender } from './commit-sender.js';
import type { CommitSource } from './commit-document.js';

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * The log on MongoDB: one document a commit, so that one insert is one atomic append. Appends to several streams, streams only read, claims
 * and in-line writes are refused as unsupported.
 */
export class MongoEventStore implements EventStore {
  readonly capabilities: ReadonlySet<StoreCapability> = new Set();
  private readonly appender: CommitAppender;

  constructor(
    private readonly context: MongoContext,
    private readonly reader: CommitReader,
    private readonly sender: CommitSender,
    private readonly storeEpoch: () => Promise<string>,
  ) {
    this.appender = new CommitAppender(context.environment, reader, sender);
  }

  async append(streams: readonly StreamAppend[], options: AppendOptions = {}): Promise<readonly CommitReceipt[]> {
    refuseUnsupported(streams, options);
    const [append] = streams;
    if (append === undefined) return [];
    const deadline = this.context.environment.now() + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const source = this.context.codec ? await this.encoded(this.sourceOf(append)) : this.sourceOf(append);
    return [await this.appender.append(source, append.expected, deadline)];
  }

  read(stream: StreamName, range: ReadRange = {}): Promise<StreamSlice> {
    return this.reader.read(stream, range);
  }

  head(stream: StreamName): Promise<Commit | undefined> {
    return this.reader.head(stream);
  }

  findKeyed(stream: StreamName, commitId: string): Promise<Commit | undefined> {
    return this.reader.findKeyed(stream, commitId);
  }

  epoch(): Promise<string> {
    return this.storeEpoch();
  }

  /** Waits for appends on their way, at most so long. */
  close(limitMs: number): Promise<void> {
    return this.sender.close(limitMs);
  }

  /** Checks payloads here, before anything queues: a bad one fails alone. */
  private sourceOf(append: StreamAppend): CommitSource {
    if (append.events.length === 0) throw new InvalidEvent(`An append to '${append.stream}' has no events.`);
    const { stream, commitId: id, keyed = false, bodyHash, metadata, occurredAt } = append;
    const recordedAt = append.recordedAt ?? new Date(this.context.environment.now());
    const events = append.events.map(({ type, schema, data }) => ({ type, schema, data: plainEventData(type, data) }));
    return { stream, id, keyed, events, metadata, recordedAt, occurredAt, ...(bodyHash !== undefined && { bodyHash }) };
  }

  private async encoded(source: CommitSource): Promise<CommitSource> {
    const items = source.events.map((event) => ({ stream: source.stream, event }));
    return { ...source, events: (await this.context.codec?.encode(items)) ?? source.events };
  }
}

function refuseUnsupported(streams: readonly StreamAppend[], { unchanged, claims, writes }: AppendOptions): void {
  const asked: [StoreCapability, boolean][] = [
    ['several-streams', streams.length > 1],
    ['unchanged', (unchanged?.length ?? 0) > 0],
    ['claims', (claims?.length ?? 0) > 0],
    ['writes', (writes?.length ?? 0) > 0],
  ];
  for (const [capability, isAsked] of asked) if (isAsked) throw new UnsupportedCapability(capability, 'mongodb');
}
