import type { PayloadCodec } from '../codec/payload-codec.port.js';
import type { Environment } from '../environment/environment.port.js';
import type { Commit } from '../event/event.js';
import type { ChangeFeed, FeedStart, FeedSubscription, HistoryRange, Lateness } from '../feed/change-feed.port.js';
import type { StoreTime } from '../feed/store-time.js';
import { decodeCommits } from './commit-copy.js';
import type { InMemoryDatabase } from './in-memory-database.js';
import { InMemorySubscription } from './in-memory-subscription.js';

const HISTORY_PAGE = 500;

/** The log in memory, followed. A commit is visible at its own time, so live order is time order and nothing is ever late. */
export class InMemoryChangeFeed implements ChangeFeed {
  private readonly open = new Set<InMemorySubscription>();

  constructor(
    private readonly database: InMemoryDatabase,
    private readonly environment: Environment,
    readonly horizonSeconds: number,
    private readonly codec?: PayloadCodec,
  ) {}

  async now(): Promise<StoreTime> {
    // Later than all that is visible: a range that ends here leaves nothing out.
    return this.database.tick();
  }

  async *history({ after = '', before, types }: HistoryRange): AsyncIterable<readonly Commit[]> {
    const wanted = types && new Set(types);
    const range = this.database.log.filter(
      ({ time, events }) => time > after && time < before && (!wanted || events.some(({ type }) => wanted.has(type))),
    );
    for (let first = 0; first < range.length; first += HISTORY_PAGE) {
      yield await decodeCommits(range.slice(first, first + HISTORY_PAGE), this.codec);
    }
  }

  async reaches(time: StoreTime): Promise<boolean> {
    const lastForgotten = this.database.log[this.database.forgotten - 1];
    return lastForgotten === undefined || lastForgotten.time < time;
  }

  subscribe(start: FeedStart): FeedSubscription {
    const subscription = new InMemorySubscription(this.database, this.environment, start, this.codec, () =>
      this.open.delete(subscription),
    );
    this.open.add(subscription);
    return subscription;
  }

  async estimateCommits(): Promise<number> {
    return this.database.log.length;
  }

  async eventsAfter(time: StoreTime, limit: number): Promise<number> {
    let events = 0;
    for (let at = this.database.log.length - 1; at >= 0 && events < limit; at -= 1) {
      const commit = this.database.log[at];
      if (commit === undefined || commit.time <= time) break;
      events += commit.events.length;
    }
    return Math.min(events, limit);
  }

  lateness(): Lateness {
    return { lastSeconds: 0, maxSeconds: 0 };
  }

  async close(): Promise<void> {
    for (const subscription of [...this.open]) await subscription.close();
  }
}
