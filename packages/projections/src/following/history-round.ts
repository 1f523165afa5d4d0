import type { ChangeFeed, Commit, HistoryRange, Position, StoreTime } from '@nestfold/core';
import { heard } from '../running/until-aborted.js';
import type { Delivery } from './delivery.js';
import { HistoryDelivery } from './placed-delivery.js';

type Wanted = Pick<HistoryRange, 'types' | 'slices'>;

/** One pass over what is stored, in the order of time, from a position on. */
export class HistoryRound<P extends Position> {
  private readonly commits: AsyncIterator<readonly Commit[], unknown>;
  /** Asked for while the commits before are folded, so that neither side waits for the other. */
  private upcoming: Promise<IteratorResult<readonly Commit[], unknown>>;

  private constructor(
    commits: AsyncIterable<readonly Commit[]>,
    private position: P,
  ) {
    this.commits = commits[Symbol.asyncIterator]();
    this.upcoming = heard(this.commits.next());
  }

  /** What is older than the position's horizon, as of the moment at which its round began. */
  static upToHorizon(feed: ChangeFeed, position: History, wanted: Wanted): HistoryRound<History> {
    const { after, horizon: before, began: asOf } = position;
    const range = { before, asOf, ...(after !== undefined && { after }), ...given(wanted) };
    return new HistoryRound(feed.history(range), position);
  }

  /** What is later than the position's `after` and was visible at its `asOf`. */
  static recent(feed: ChangeFeed, position: Recent, wanted: Wanted): HistoryRound<Recent> {
    const { after, asOf } = position;
    return new HistoryRound(feed.recent({ after, asOf, ...given(wanted) }), position);
  }

  /** The next commits; `undefined` at the end. A batch may end where the time changes, and at the end of what is answered. */
  async next(): Promise<{ readonly deliveries: readonly Delivery[]; readonly position: P } | undefined> {
    const result = await this.upcoming;
    if (result.done === true) return undefined;
    this.upcoming = heard(this.commits.next());
    const commits = result.value;
    const deliveries = commits.map((commit, index): Delivery => {
      if (commits[index + 1]?.time === commit.time) return { commit };
      return new HistoryDelivery(commit, this.position);
    });
    const last = commits.at(-1);
    if (last !== undefined) this.position = this.at(last.time);
    return { deliveries, position: this.position };
  }

  async close(): Promise<void> {
    await this.commits.return?.();
  }

  private at(after: StoreTime): P {
    return { ...this.position, after };
  }
}

/** A place in history. */
export type History = Extract<Position, { phase: 'history' }>;

/** A place on the live feed. */
export type Live = Extract<Position, { phase: 'live' }>;

/** A place in what was visible when the live feed was to begin. */
export type Recent = Live & { readonly asOf: StoreTime; readonly after: StoreTime };

function given({ types, slices }: Wanted): Wanted {
  return { ...(types && { types }), ...(slices && { slices }) };
}
