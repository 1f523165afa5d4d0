import {
  silentLogger,
  storeTime,
  systemEnvironment,
  type Commit,
  type FeedPosition,
  type FeedStart,
  type LiveCommit,
  type StoreTime,
} from '@nestfold/core';
import type { ChangeDocument } from '../src/change-feed/change-document.js';
import type { ChangeBatch } from '../src/change-feed/change-reader.js';
import type { ChangeSource, OpenStream } from '../src/change-feed/change-source.js';
import type { BufferLimits, SizedCommit } from '../src/change-feed/live-buffer.js';
import { Waiters } from '../src/change-feed/waiters.js';

const tokenOf = (ordinal: number): string => `82${storeTime(1_000, ordinal).toUpperCase()}`;
const timeOf = (ordinal: number): StoreTime => storeTime(1_000, ordinal);

/** A server's log without a server: commits with tokens, streams that follow it, and failures at will. */
export class FakeLog implements ChangeSource {
  readonly environment = systemEnvironment;
  readonly logger = silentLogger;
  readonly outageMs = 1_000;
  readonly commitsOf: LiveCommit[] = [];
  /** Streams that are open, and how many have been opened in all. */
  readonly open_ = new Set<FakeStream>();
  opened = 0;
  /** What opening and reading throw, while it is set. */
  failure: Error | undefined;
  readonly grew = new Waiters();
  /** While it is set the streams that are open bring nothing. */
  stalled = false;
  private readonly versions = new Map<string, number>();

  constructor(readonly limits: BufferLimits = { commits: 100, bytes: 1_000_000 }) {}

  append(stream: string, skipped = 0): LiveCommit {
    const firstVersion = (this.versions.get(stream) ?? 0) + 1 + skipped;
    this.versions.set(stream, firstVersion);
    const ordinal = this.commitsOf.length + 1;
    const at = new Date(0);
    const commit: Commit = {
      stream,
      firstVersion,
      id: `${stream}:${firstVersion}`,
      keyed: false,
      events: [{ type: 'sample', schema: 1, data: {} }],
      metadata: { correlationId: 'c', causationId: 'u' },
      occurredAt: at,
      recordedAt: at,
      time: timeOf(ordinal),
    };
    const live: LiveCommit = {
      commit,
      visibleAt: timeOf(ordinal),
      position: { token: tokenOf(ordinal), time: timeOf(ordinal) },
    };
    this.commitsOf.push(live);
    this.grew.wake();
    return live;
  }

  async now(): Promise<StoreTime> {
    return timeOf(this.commitsOf.length);
  }

  open(start: FeedStart): OpenStream {
    this.opened += 1;
    const first =
      'at' in start
        ? this.commitsOf.filter(({ visibleAt }) => visibleAt < start.at).length
        : Number.parseInt(start.after.token.slice(10), 16);
    const stream = new FakeStream(this, first);
    this.open_.add(stream);
    return stream;
  }

  async commits({ changes }: Pick<ChangeBatch, 'changes'>): Promise<readonly SizedCommit[]> {
    return changes.map((change) => ({ live: change as unknown as LiveCommit, bytes: 100 }));
  }
}

class FakeStream implements OpenStream {
  closed = false;

  constructor(
    private readonly log: FakeLog,
    private next: number,
  ) {}

  async read(max: number, waitMs: number): Promise<ChangeBatch> {
    while (this.log.stalled && !this.closed) await this.log.grew.wait(5);
    if (this.next >= this.log.commitsOf.length && !this.log.failure) await this.log.grew.wait(Math.min(waitMs, 20));
    if (this.log.failure) throw this.log.failure;
    if (this.closed) throw new Error('closed');
    const changes = this.log.commitsOf.slice(this.next, this.next + max);
    this.next += changes.length;
    const position: FeedPosition = { token: tokenOf(this.next), time: timeOf(this.next) };
    return { changes: changes as unknown as ChangeDocument[], position, silentMs: 0 };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.log.open_.delete(this);
    this.log.grew.wake();
  }
}
