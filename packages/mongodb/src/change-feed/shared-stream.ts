import { storeTime, type FeedPosition, type FeedStart, type StoreTime } from '@nestfold/core';
import type { ChangeSource, OpenStream } from './change-source.js';
import type { ChangeBatch } from './change-reader.js';
import { DensityGuard } from './density-guard.js';
import { endOfStream, endsStream } from './feed-failure.js';
import { LiveBuffer, type BufferStart } from './live-buffer.js';
import { pauseAfter } from './pause.js';
import { tokenAt } from './resume-token.js';
import { Waiters } from './waiters.js';

/** A subscription on the shared stream. */
export interface Follower {
  /** The number of the next commit that it will take. */
  readonly number: number;
}

const READ_AT_ONCE = 200;
const AWAIT_MS = 1_000;
const PACE_MS = 100;

/**
 * The one stream that a process reads for all its subscribers, with its supervisor: after an error it opens again where it
 * stood, with back-off and jitter, until it is stopped or learns that its place is lost.
 */
export class SharedStream {
  /** Woken when there is something to take or to be told. */
  readonly news = new Waiters();
  private readonly progress = new Waiters();
  private readonly followers = new Set<Follower>();
  private readonly density = new DensityGuard();
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private reader: OpenStream | undefined;
  private failures = 0;
  private downSince: number | undefined;
  private content: LiveBuffer | undefined;
  private place: FeedPosition | undefined;
  private startTime: StoreTime = storeTime(0, 0);
  private end: Error | undefined;

  constructor(
    private readonly source: ChangeSource,
    /** Where to begin; the store's present when missing. */
    start: FeedStart | undefined,
    /** Called with each batch, and after an outage with none. */
    private readonly noticed: (batch: ChangeBatch | undefined) => void,
  ) {
    this.downSince = source.environment.now();
    if (start) this.begin(start);
    this.running = this.run(start);
  }

  /** Missing until it is known where the stream begins. */
  get buffer(): LiveBuffer | undefined {
    return this.content;
  }

  /** How far the stream has been read; missing until it is open. */
  get position(): FeedPosition | undefined {
    return this.place;
  }

  /** The time that it has reached, or from which it begins. */
  get time(): StoreTime {
    return this.place?.time ?? this.startTime;
  }

  /** Why the stream has ended for good. */
  get failure(): Error | undefined {
    return this.end;
  }

  /** Milliseconds since it last worked; 0 while it does. */
  downForMs(): number {
    return this.downSince === undefined ? 0 : this.source.environment.now() - this.downSince;
  }

  attach(follower: Follower): void {
    this.followers.add(follower);
  }

  detach(follower: Follower): void {
    this.followers.delete(follower);
    this.progress.wake();
  }

  /** To be called by a follower that took something: the stream may be waiting for the fastest one. */
  tookSome(): void {
    this.progress.wake();
  }

  async stop(): Promise<void> {
    this.stopping.abort('stopped');
    this.progress.wake();
    await this.reader?.close();
    await this.running;
  }

  private async run(start: FeedStart | undefined): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const from = this.place ? { after: this.place } : (start ?? (start = { at: await this.source.now() }));
        if (!this.content) this.begin(from);
        await this.follow(from);
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        if (endsStream(error)) return this.fail(endOfStream(error));
        await this.recover(error);
      } finally {
        await this.reader?.close();
      }
    }
  }

  private begin(start: FeedStart): void {
    this.startTime = 'at' in start ? start.at : start.after.time;
    this.content = new LiveBuffer(this.source.limits, bufferStart(start));
  }

  private async follow(from: FeedStart): Promise<void> {
    const reader = this.source.open(from, AWAIT_MS);
    this.reader = reader;
    // The first read waits for nothing but the opening, so that subscribers find their place on a quiet stream at once.
    await this.ingest(await reader.read(READ_AT_ONCE, 0));
    this.failures = 0;
    this.downSince = undefined;
    this.news.wake();
    this.noticed(undefined);
    while (!this.stopping.signal.aborted) {
      const batch = await reader.read(READ_AT_ONCE, AWAIT_MS + this.source.outageMs);
      if (batch.silentMs >= this.source.outageMs) throw new Error('The server does not answer.');
      await this.ingest(batch);
      await this.pace();
    }
  }

  private async ingest(batch: ChangeBatch): Promise<void> {
    for (const commit of await this.source.commits(batch)) {
      this.density.check(commit.live.commit);
      this.content?.push(commit);
    }
    this.place = batch.position;
    if (batch.changes.length === 0) return;
    this.news.wake();
    this.noticed(batch);
  }

  /** Waits while even the fastest subscriber is far behind: running on would only overwrite what all of them need. */
  private async pace(): Promise<void> {
    const until = this.source.environment.now() + PACE_MS;
    while (!this.stopping.signal.aborted && this.followers.size > 0) {
      const fastest = Math.max(...Array.from(this.followers, ({ number }) => number));
      const left = until - this.source.environment.now();
      if (left <= 0 || (this.content?.backlog(fastest) ?? 0) < 0.5) return;
      await this.progress.wait(left);
    }
  }

  private async recover(error: unknown): Promise<void> {
    const { environment, logger } = this.source;
    this.failures += 1;
    this.downSince ??= environment.now();
    logger.warn('The change stream failed; it is opened again where it stood.', {
      attempt: this.failures,
      error: String(error),
    });
    this.news.wake();
    await this.reader?.close();
    await environment.sleep(pauseAfter(this.failures, environment), this.stopping.signal);
  }

  private fail(error: Error): void {
    this.source.logger.error('The change stream has ended for good.', { error: String(error) });
    this.end = error;
    this.downSince ??= this.source.environment.now();
    this.news.wake();
  }
}

function bufferStart(start: FeedStart): BufferStart {
  return 'at' in start ? { token: tokenAt(start.at), time: start.at } : start.after;
}
