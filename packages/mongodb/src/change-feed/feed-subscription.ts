import {
  isFeedGap,
  secondsOf,
  StoreUnavailable,
  type FeedBatch,
  type FeedPosition,
  type FeedStart,
  type FeedSubscription,
  type LiveCommit,
  type NextOptions,
  type StoreTime,
} from '@nestfold/core';
import type { ChangeSource } from './change-source.js';
import type { FeedHub } from './feed-hub.js';
import { OwnStream } from './own-stream.js';
import type { Follower, SharedStream } from './shared-stream.js';

/** A subscriber further ahead of the shared stream than this does not wait for it. */
const AHEAD_SECONDS = 2;
/** A subscriber further behind is not attached: it would be overwritten at once. */
const BACKLOG = 0.5;

/**
 * A place on the feed. It is with the shared stream where that reaches its place; otherwise, and when it was too slow and
 * its place was overwritten, it reads a stream of its own until the two meet.
 */
export class MongoFeedSubscription implements FeedSubscription, Follower {
  private shared: SharedStream | undefined;
  private own: OwnStream | undefined;
  private upcoming = 0;
  /** What had become visible by then is not asked for. */
  private readonly from: StoreTime | undefined;
  private failure: Error | undefined;
  private closed = false;
  private readonly unlisten: () => void;

  constructor(
    private readonly source: ChangeSource,
    private readonly hub: FeedHub,
    private place: FeedStart,
  ) {
    this.from = 'at' in place ? place.at : undefined;
    hub.enter();
    this.unlisten = hub.onClose(() => void this.end());
    this.attach();
  }

  get number(): number {
    return this.upcoming;
  }

  async next({ max, waitMs }: NextOptions): Promise<FeedBatch> {
    const { environment } = this.source;
    const until = environment.now() + waitMs;
    for (;;) {
      if (this.failure) throw this.failure;
      const left = Math.max(0, until - environment.now());
      const commits = this.shared ? this.take(this.shared, max) : await this.read(max, left);
      const position = this.position();
      if (position && commits.length > 0) return { commits, position };
      if (this.closed || this.hub.closed) throw new StoreUnavailable('The subscription is closed.');
      if (position && environment.now() >= until) return { commits, position };
      // Until the stream is open there is no position to answer, however short the wait was meant to be.
      if (this.shared) await this.shared.news.wait(position ? left : this.source.outageMs);
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.unlisten();
    this.shared?.detach(this);
    await this.end();
    await this.hub.leave();
  }

  /** Ends a wait, whichever stream it is for. */
  private async end(): Promise<void> {
    this.shared?.news.wake();
    await this.own?.close();
  }

  private position(): FeedPosition | undefined {
    return 'after' in this.place ? this.place.after : undefined;
  }

  private take(shared: SharedStream, max: number): readonly LiveCommit[] {
    if (isFeedGap(shared.failure)) throw this.fail(shared.failure);
    const taken = shared.failure ? undefined : shared.buffer?.take(this.upcoming, max);
    if (!taken) {
      // Overwritten; or the shared stream has lost its place, which is not yet to say that this one is lost.
      this.detach(shared);
      return [];
    }
    this.upcoming += taken.length;
    shared.tookSome();
    const commits = taken.filter((live) => this.isNew(live));
    // What has been read to the end stands where the stream does, also while nothing happens.
    const position = this.upcoming === shared.buffer?.end ? shared.position : taken.at(-1)?.position;
    if (position && this.isFurther(position)) this.place = { after: position };
    else if (shared.downForMs() >= this.source.outageMs) {
      throw this.fail(new StoreUnavailable('The change stream is down.'));
    }
    return commits;
  }

  private async read(max: number, waitMs: number): Promise<readonly LiveCommit[]> {
    this.own ??= new OwnStream(this.source);
    try {
      const batch = await this.own.read(this.place, max, waitMs);
      if (!batch) return [];
      this.place = { after: batch.position };
      if (this.attach()) {
        await this.own.close();
        this.own = undefined;
      }
      return batch.commits.filter((live) => this.isAsked(live));
    } catch (error) {
      if (this.closed || this.hub.closed) return [];
      throw this.fail(error as Error);
    }
  }

  /** Joins the shared stream if it has, or will have, all that follows this place. */
  private attach(): boolean {
    if (this.closed) return false;
    const shared = this.hub.shared(this.place);
    const { buffer } = shared;
    if (!buffer || secondsOf(this.time()) > secondsOf(shared.time) + AHEAD_SECONDS) return false;
    const number = 'at' in this.place ? buffer.numberLater(this.place.at) : buffer.numberAfter(this.place.after.token);
    if (number === undefined || buffer.backlog(number) > BACKLOG) return false;
    this.upcoming = number;
    this.shared = shared;
    shared.attach(this);
    return true;
  }

  private detach(shared: SharedStream): void {
    shared.detach(this);
    this.shared = undefined;
  }

  private time(): StoreTime {
    return 'at' in this.place ? this.place.at : this.place.after.time;
  }

  /** Also where the stream has learned that of the last time nothing follows. */
  private isFurther({ token, isInside }: FeedPosition): boolean {
    if (!('after' in this.place)) return true;
    const { after } = this.place;
    return token > after.token || (token === after.token && after.isInside === true && !isInside);
  }

  /** A stream that stands behind this place may still bring what was delivered here before the two met. */
  private isNew(live: LiveCommit): boolean {
    return this.isAsked(live) && ('at' in this.place || live.position.token > this.place.after.token);
  }

  /** A stream that begins at a time brings what became visible at that very time. */
  private isAsked({ visibleAt }: LiveCommit): boolean {
    return this.from === undefined || visibleAt > this.from;
  }

  private fail(error: Error): Error {
    this.failure = error;
    return error;
  }
}
