import type { PayloadCodec } from '../codec/payload-codec.port.js';
import type { Environment } from '../environment/environment.port.js';
import { FeedHistoryLost } from '../error/read-side.errors.js';
import { StoreUnavailable } from '../error/store.errors.js';
import type { FeedBatch, FeedStart, FeedSubscription, NextOptions } from '../feed/change-feed.port.js';
import type { FeedPosition } from '../feed/feed-position.js';
import type { StoreTime } from '../feed/store-time.js';
import { decodeCommits } from './commit-copy.js';
import type { InMemoryDatabase } from './in-memory-database.js';

/** A place on the log. Nothing is buffered for it, so one that does not read costs nothing and holds up nobody. */
export class InMemorySubscription implements FeedSubscription {
  /** How many commits of the log lie behind it. */
  private cursor: number;
  private closed = false;
  private pausing: AbortController | undefined;

  constructor(
    private readonly database: InMemoryDatabase,
    private readonly environment: Environment,
    start: FeedStart,
    private readonly codec: PayloadCodec | undefined,
    private readonly onClose: () => void,
  ) {
    this.cursor = 'after' in start ? ordinalOf(start.after) : firstAt(database, start.at);
  }

  async next({ max, waitMs }: NextOptions): Promise<FeedBatch> {
    if (!this.closed && this.cursor >= this.database.log.length) await this.pause(waitMs);
    if (this.closed) throw new StoreUnavailable('The subscription is closed.');
    if (this.cursor < this.database.forgotten)
      throw new FeedHistoryLost('The live feed no longer reaches back to this position.');
    const first = this.cursor;
    const { log, visibleAt } = this.database;
    const taken = log.slice(first, first + max);
    this.cursor += taken.length;
    const isWhole = this.cursor === log.length;
    const last = visibleAt[this.cursor - 1];
    const position = positionAt(
      this.cursor,
      isWhole || last === undefined ? this.database.time() : last,
      last !== undefined && visibleAt[this.cursor] === last,
    );
    const commits = await decodeCommits(taken, this.codec);
    return {
      commits: commits.map((commit, index) => {
        const time = visibleAt[first + index] ?? commit.time;
        return {
          commit,
          visibleAt: time,
          position: positionAt(first + index + 1, time, visibleAt[first + index + 1] === time),
        };
      }),
      position,
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.pausing?.abort();
    this.onClose();
  }

  /** Until the log changes, the subscription is closed, or the time is over. */
  private async pause(waitMs: number): Promise<void> {
    const pausing = new AbortController();
    this.pausing = pausing;
    const unlisten = this.database.logGrew.on(() => pausing.abort());
    await this.environment.sleep(waitMs, pausing.signal);
    unlisten();
  }
}

function positionAt(ordinal: number, time: StoreTime, isInside: boolean): FeedPosition {
  return { token: ordinal.toString(16).padStart(12, '0'), time, ...(isInside && { isInside }) };
}

function ordinalOf({ token }: FeedPosition): number {
  return Number.parseInt(token, 16);
}

/** What bears the very time is visible later. */
function firstAt(database: InMemoryDatabase, time: StoreTime): number {
  const found = database.visibleAt.findIndex((visible) => visible > time);
  return found < 0 ? database.log.length : found;
}
