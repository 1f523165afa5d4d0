import type { ChangeFeed, Commit, HistoryRange, Position, StoreTime } from '@nestfold/core';
import { heard } from '../running/until-aborted.js';
import type { Delivery } from './delivery.js';
import { justBefore } from './store-clock.js';

type HistoryPosition = Extract<Position, { phase: 'history' }>;

/** One pass over history, up to its horizon, as of the moment at which it began. */
export class HistoryRound {
  private readonly commits: AsyncIterator<readonly Commit[], unknown>;
  /** Asked for while the commits before are folded, so that neither side waits for the other. */
  private upcoming: Promise<IteratorResult<readonly Commit[], unknown>>;

  constructor(
    feed: ChangeFeed,
    private position: HistoryPosition,
    { types, slices }: Pick<HistoryRange, 'types' | 'slices'>,
  ) {
    const { after, horizon: before, began: asOf } = position;
    const range = {
      before,
      asOf,
      ...(after !== undefined && { after }),
      ...(types && { types }),
      ...(slices && { slices }),
    };
    this.commits = feed.history(range)[Symbol.asyncIterator]();
    this.upcoming = heard(this.commits.next());
  }

  /** The next commits; `undefined` at the end. A batch may end where the time changes, and at the end of what is answered. */
  async next(): Promise<{ readonly deliveries: readonly Delivery[]; readonly position: HistoryPosition } | undefined> {
    const result = await this.upcoming;
    if (result.done === true) return undefined;
    this.upcoming = heard(this.commits.next());
    const commits = result.value;
    const deliveries = commits.map((commit, index): Delivery => {
      if (commits[index + 1]?.time === commit.time) return { commit };
      return { commit, after: this.at(commit.time) };
    });
    const last = commits.at(-1);
    if (last !== undefined) this.position = this.at(last.time);
    return { deliveries, position: this.position };
  }

  /** The position when all of the round was read: what follows it begins at the horizon. */
  get end(): HistoryPosition {
    return this.at(justBefore(this.position.horizon));
  }

  async close(): Promise<void> {
    await this.commits.return?.();
  }

  private at(after: StoreTime): HistoryPosition {
    return { ...this.position, after };
  }
}
