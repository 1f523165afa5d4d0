import type { ChangeFeed, Checkpoint, Commit, LoadPlan, LoadRange, StreamPlace } from '@nestfold/core';
import type { Delivery, Stretch } from '../following/delivery.js';
import type { FeedingSource } from '../running/feeding-options.js';
import { heard } from '../running/until-aborted.js';
import { loadedPosition, loadingPosition } from './load-place.js';

/** A full batch ends between two streams, or else after so many more commits of one. */
const COMMITS_IN_A_STREAM = 100;

/** What one range of a load reads, from behind the last commit that was taken; a page ahead of whoever folds. */
export class RangeSource implements FeedingSource {
  readonly position: FeedingSource['position'];
  private readonly end: FeedingSource['position'];
  private readonly pages: AsyncIterator<readonly Commit[], unknown>;
  private upcoming: Promise<IteratorResult<readonly Commit[], unknown>>;
  private sinceCut = 0;

  constructor(
    feed: ChangeFeed,
    plan: LoadPlan,
    { from, to }: LoadRange,
    types: readonly string[],
    { last }: Pick<Checkpoint, 'last'>,
  ) {
    this.position = loadingPosition(plan);
    this.end = loadedPosition({ load: plan }) ?? this.position;
    const after: StreamPlace | undefined = last && { stream: last.stream, version: last.version };
    this.pages = feed
      .byStream({
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(after !== undefined && { after }),
        before: plan.horizon,
        asOf: plan.began,
        types,
      })
      [Symbol.asyncIterator]();
    this.upcoming = heard(this.pages.next());
  }

  async next(): Promise<Stretch> {
    const page = await this.upcoming;
    if (page.done === true) return { deliveries: [], position: this.end, read: 0, more: false, ended: true };
    this.upcoming = heard(this.pages.next());
    const commits = page.value;
    const deliveries = commits.map((commit, index): Delivery => {
      const next = commits[index + 1];
      this.sinceCut += 1;
      if (next === undefined || (next.stream === commit.stream && this.sinceCut < COMMITS_IN_A_STREAM))
        return { commit, ifNeeded: this.position };
      this.sinceCut = 0;
      return { commit, after: this.position };
    });
    return { deliveries, position: this.position, read: commits.length, more: true };
  }

  async close(): Promise<void> {
    await this.pages.return?.();
  }
}
