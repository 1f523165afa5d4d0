import type { LastSeen } from '../checkpoint/checkpoint.js';
import type { PayloadCodec } from '../codec/payload-codec.port.js';
import type { Environment } from '../environment/environment.port.js';
import { FeedHistoryLost } from '../error/read-side.errors.js';
import { StoreUnavailable } from '../error/store.errors.js';
import { lastVersionOf, type Commit } from '../event/event.js';
import type {
  ChangeFeed,
  FeedReach,
  FeedStart,
  FeedSubscription,
  HistoryRange,
  Lateness,
  RecentRange,
  StreamRange,
} from '../feed/change-feed.port.js';
import { secondsOf, type StoreTime } from '../feed/store-time.js';
import { isInSlices, type SliceRange } from '../stream/slice.js';
import type { StreamName } from '../stream/stream-name.js';
import { decodeCommits } from './commit-copy.js';
import type { InMemoryDatabase } from './in-memory-database.js';
import { boundsOf, pagesByStream } from './in-memory-streams.js';
import { InMemorySubscription } from './in-memory-subscription.js';

const HISTORY_PAGE = 500;

type Pages = Omit<HistoryRange, 'before'> & Partial<Pick<HistoryRange, 'before'>>;

/** The log in memory, followed. A commit is visible a tick after its own time, or when its append is not held open any more: live order is that of visibility. */
export class InMemoryChangeFeed implements ChangeFeed {
  private readonly open = new Set<InMemorySubscription>();
  private closed = false;

  constructor(
    private readonly database: InMemoryDatabase,
    private readonly environment: Environment,
    readonly horizonSeconds: number,
    private readonly codec?: PayloadCodec,
  ) {}

  async now(): Promise<StoreTime> {
    // On a quiet store that of the last commit's visibility, as a database's is: one that ticked would hide what is lost at such a moment.
    return this.database.time();
  }

  history(range: HistoryRange): AsyncIterable<readonly Commit[]> {
    return this.pages(range);
  }

  /** What was visible at a moment is known for as long as the live feed reaches back to it. */
  async *recent(range: RecentRange): AsyncIterable<readonly Commit[]> {
    const isKnown = async (): Promise<void> => {
      if (!(await this.reaches(range.asOf)))
        throw new FeedHistoryLost(`What was visible at ${range.asOf} is not known any more.`);
    };
    await isKnown();
    for await (const page of this.pages(range)) {
      yield page;
      await isKnown();
    }
  }

  private async *pages({ after = '', before, asOf, types, slices }: Pages): AsyncGenerator<readonly Commit[]> {
    const wanted = types && new Set(types);
    const { log, visibleAt } = this.database;
    const range = log
      .filter(({ time, events, stream }, index) => {
        if (!isInSlices(stream, slices) || (before !== undefined && time >= before)) return false;
        const isVisible = (visibleAt[index] ?? '') <= asOf;
        return isVisible && time > after && (!wanted || events.some(({ type }) => wanted.has(type)));
      })
      .sort((one, other) => (one.time < other.time ? -1 : 1));
    for (let first = 0; first < range.length; first += HISTORY_PAGE) {
      yield await decodeCommits(range.slice(first, first + HISTORY_PAGE), this.codec);
    }
  }

  byStream(range: StreamRange): AsyncIterable<readonly Commit[]> {
    return pagesByStream(this.database, range, HISTORY_PAGE, this.codec);
  }

  async streamBounds(parts: number): Promise<readonly StreamName[]> {
    return boundsOf(this.database, parts);
  }

  async reaches(time: StoreTime): Promise<boolean> {
    const lastForgotten = this.database.visibleAt[this.database.forgotten - 1];
    return lastForgotten === undefined || lastForgotten <= time;
  }

  async reach(): Promise<FeedReach> {
    const { visibleAt, forgotten } = this.database;
    const isWhole = forgotten === 0;
    const oldest = isWhole ? visibleAt[0] : visibleAt[forgotten - 1];
    return { seconds: oldest === undefined ? 0 : secondsOf(this.database.time()) - secondsOf(oldest), isWhole };
  }

  subscribe(start: FeedStart): FeedSubscription {
    if (this.closed) throw new StoreUnavailable('The store is closed: nothing follows it any more.');
    const subscription = new InMemorySubscription(this.database, this.environment, start, this.codec, () =>
      this.open.delete(subscription),
    );
    this.open.add(subscription);
    return subscription;
  }

  async estimateCommits(): Promise<number> {
    return this.database.log.length;
  }

  async eventsAfter(time: StoreTime, limit: number, slices?: SliceRange): Promise<number> {
    const { log, visibleAt } = this.database;
    let events = 0;
    // Nothing is visible before its time, so nothing before this place can be later.
    for (let at = log.length - 1; at >= 0 && events < limit && (visibleAt[at] ?? '') > time; at -= 1) {
      const commit = log[at];
      if (commit !== undefined && commit.time > time && isInSlices(commit.stream, slices))
        events += commit.events.length;
    }
    return Math.min(events, limit);
  }

  async holds({ stream, version, time }: LastSeen): Promise<boolean> {
    const commits = this.database.streams.get(stream) ?? [];
    return commits.some((commit) => lastVersionOf(commit) === version && commit.time === time);
  }

  lateness(): Lateness {
    const { log, visibleAt } = this.database;
    const seconds = log.map(({ time }, index) => secondsOf(visibleAt[index] ?? time) - secondsOf(time));
    return { lastSeconds: seconds.at(-1) ?? 0, maxSeconds: Math.max(0, ...seconds) };
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const subscription of [...this.open]) await subscription.close();
  }
}
