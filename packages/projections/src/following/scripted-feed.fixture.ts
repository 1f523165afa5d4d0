import {
  FeedHistoryLost,
  storeTime,
  systemEnvironment,
  type ChangeFeed,
  type Commit,
  type FeedBatch,
  type FeedStart,
  type FeedSubscription,
  type HistoryRange,
  type LiveCommit,
  type RecentRange,
  type StoreTime,
} from '@nestfold/core';

/** A second of a scripted store's clock. */
export const at = (seconds: number, counter = 1): StoreTime => storeTime(seconds, counter);

/** A commit of one event, stored at one time and visible at another one. */
export function commitAt(
  stream: string,
  version: number,
  time: StoreTime,
  visibleAt: StoreTime = time,
  type = 'order.placed',
): LiveCommit {
  const commit: Commit = {
    stream,
    firstVersion: version,
    id: `${stream}:${version}`,
    keyed: false,
    events: [{ type, schema: 1, data: { orderId: stream, customerId: 'c', total: 1 } }],
    metadata: { correlationId: '', causationId: '' },
    occurredAt: new Date(0),
    recordedAt: new Date(0),
    time,
  };
  return { commit, visibleAt, position: { token: visibleAt, time: visibleAt } };
}

/** A feed whose clock the test moves: commits become visible when they are said to. Positions are the times of visibility. */
export class ScriptedFeed implements ChangeFeed {
  readonly horizonSeconds = 10;
  readonly asked: string[] = [];
  /** The live feed reaches back to here. */
  reachedFrom: StoreTime = at(0);
  readonly opened: FeedStart[] = [];
  /** What was visible before is not known any more: the live feed may still have it. */
  forgotten: StoreTime = at(0);
  readonly recentAsked: number[] = [];
  /** Called behind each page of what is recent. */
  onRecent: () => void = () => undefined;
  /** Called before each page of history. */
  onHistory: (range: HistoryRange) => void = () => undefined;

  constructor(
    public clock: StoreTime,
    private readonly commits: LiveCommit[],
    private readonly pageSize = 2,
  ) {}

  add(...commits: LiveCommit[]): void {
    this.commits.push(...commits);
  }

  now(): Promise<StoreTime> {
    return Promise.resolve(this.clock);
  }

  async *history(range: HistoryRange): AsyncIterable<readonly Commit[]> {
    const { after = '', before, asOf } = range;
    this.asked.push(
      `${after === '' ? '' : Number.parseInt(after.slice(0, 8), 16)}..${Number.parseInt(before.slice(0, 8), 16)}`,
    );
    const visible = this.commits.filter(
      ({ commit, visibleAt }) => commit.time > after && commit.time < before && visibleAt <= asOf,
    );
    const commits = visible.map(({ commit }) => commit).sort((one, other) => (one.time < other.time ? -1 : 1));
    this.onHistory(range);
    while (commits.length > 0) {
      const page = commits.splice(0, this.pageSize);
      while (commits[0]?.time === page.at(-1)?.time && commits[0] !== undefined) page.push(commits.shift()!);
      yield page;
      this.onHistory(range);
    }
  }

  async *recent({ after, asOf }: RecentRange): AsyncIterable<readonly Commit[]> {
    if (this.forgotten > asOf) throw new FeedHistoryLost('lost');
    this.recentAsked.push(Number.parseInt(after.slice(0, 8), 16));
    const visible = this.commits.filter(({ commit, visibleAt }) => commit.time > after && visibleAt <= asOf);
    const commits = visible.map(({ commit }) => commit).sort((one, other) => (one.time < other.time ? -1 : 1));
    while (commits.length > 0) {
      const page = commits.splice(0, this.pageSize);
      while (commits[0]?.time === page.at(-1)?.time && commits[0] !== undefined) page.push(commits.shift()!);
      yield page;
      this.onRecent();
      if (this.forgotten > asOf) throw new FeedHistoryLost('lost');
    }
  }

  byStream(): AsyncIterable<readonly Commit[]> {
    throw new Error('A scripted feed has an order of time only.');
  }

  streamBounds(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  reach(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  reaches(time: StoreTime): Promise<boolean> {
    return Promise.resolve(time >= this.reachedFrom);
  }

  subscribe(start: FeedStart): FeedSubscription {
    this.opened.push(start);
    let place = 'at' in start ? start.at : start.after.time;
    let first = 'at' in start;
    return {
      next: async ({ max }): Promise<FeedBatch> => {
        // Several read it at once: none is to keep the others from their turn.
        await systemEnvironment.sleep(0);
        if (place < this.reachedFrom) throw new FeedHistoryLost('lost');
        // The clock stands for what everybody has seen: nothing comes before it has passed.
        const due = this.commits.filter(
          ({ visibleAt }) => (first ? visibleAt >= place : visibleAt > place) && visibleAt <= this.clock,
        );
        const commits = due.sort((one, other) => (one.visibleAt < other.visibleAt ? -1 : 1)).slice(0, max);
        first = false;
        place = commits.length === due.length ? this.clock : commits.at(-1)!.visibleAt;
        return { commits, position: { token: place, time: place } };
      },
      close: () => Promise.resolve(),
    };
  }

  estimateCommits(): Promise<number> {
    return Promise.resolve(this.commits.length);
  }

  eventsAfter(): Promise<number> {
    return Promise.resolve(0);
  }

  holds(): Promise<boolean> {
    return Promise.resolve(true);
  }

  lateness(): { lastSeconds: number; maxSeconds: number } {
    return { lastSeconds: 0, maxSeconds: 0 };
  }
}
