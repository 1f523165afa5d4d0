import {
  isFeedHistoryLost,
  isInSlices,
  lastVersionOf,
  secondsOf,
  type Commit,
  type FeedSubscription,
  type StorePosition,
  type StoreTime,
} from '@nestfold/core';
import type { Delivery, Stretch } from './delivery.js';
import type { FollowerOptions } from './follower-options.js';
import { FeedTooShort, LateCommit } from './following.errors.js';
import { HistoryRound, type History, type Live, type Recent } from './history-round.js';
import { LatenessWatch, lookedTo } from './lateness-watch.js';
import { LiveDelivery } from './placed-delivery.js';
import { beginning, floorOf, justBefore, later } from './store-clock.js';

const LIVE_COMMITS = 5_000;
/** Short, since those who wait for a quiet follower to have looked wait for its end. */
const LIVE_WAIT_MS = 100;
/** A short history needs no watch: the live phase sees all that becomes visible after its only round began. */
const WATCH_AFTER_MS = 2_000;
const WATCH_WAIT_MS = 10_000;
const ROUNDS_OUT_OF_REACH = 3;

/**
 * Delivers all commits from a position on, each once and in the order of its stream: history in rounds up to a horizon, then what is later and was visible
 * at one moment, then the live feed, dropping what was delivered before. Lost history is caught up again from the floor by itself.
 * After an error of `next` the follower is to be closed, and another begun from the stored position.
 */
export class Follower {
  private position: StorePosition;
  private floor: StoreTime | undefined;
  private round: HistoryRound<History> | undefined;
  private recent: HistoryRound<Recent> | undefined;
  private subscription: FeedSubscription | undefined;
  private readonly wanted: ReadonlySet<string> | undefined;
  private watch: LatenessWatch;
  private watchAt: number;
  private outOfReach = 0;
  /** The next round, not yet entered. */
  private upcoming: History | undefined;
  private isClosed = false;

  constructor(private readonly options: FollowerOptions) {
    this.position = options.position;
    this.floor = options.floor;
    this.wanted = options.types && new Set(options.types);
    this.watch = this.newWatch();
    this.watchAt = options.environment.now() + WATCH_AFTER_MS;
  }

  /** The next stretch, live at the latest after a tenth of a second. Throws `StoreUnavailable`, `FeedGap`, `LateCommit` and `FeedTooShort`. */
  async next(): Promise<Stretch> {
    if (this.isClosed) throw new Error('The follower was closed.');
    try {
      if (this.position.phase === 'history') return await this.nextOfHistory(this.position);
      return isRecent(this.position) ? await this.nextRecent(this.position) : await this.nextLive(this.position);
    } catch (error) {
      if (!isFeedHistoryLost(error)) throw error;
      return this.reenter(error);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.release();
  }

  private async release(): Promise<void> {
    await Promise.all([this.round?.close(), this.recent?.close(), this.subscription?.close(), this.watch.close()]);
  }

  private async nextOfHistory(position: History): Promise<Stretch> {
    if (this.upcoming !== undefined) return this.enter(this.upcoming);
    if (this.round === undefined) {
      this.watch.begin(position);
      this.round = HistoryRound.upToHorizon(this.options.feed, position, this.options);
    }
    if (!this.watch.isOpen && this.options.environment.now() >= this.watchAt) this.watch.open(this.options.watched);
    this.watch.check();
    const got = await this.round.next();
    if (got === undefined) return this.endRound({ ...position, after: justBefore(position.horizon) });
    this.position = got.position;
    const deliveries = await this.unseen(
      got.deliveries.filter(({ commit }) => this.isWanted(commit)),
      position.again !== undefined,
    );
    return { deliveries, position: got.position, read: got.deliveries.length, more: true };
  }

  /** A round that took long left much behind it: then another one follows. Else the rest is so short that the feed reaches back to it. */
  private async endRound(end: History): Promise<Stretch> {
    const { feed } = this.options;
    this.round = undefined;
    if (await this.isShort(end)) {
      await this.options.beforeLive?.();
      if (await this.isShort(end)) {
        if (await feed.reaches(end.horizon)) return this.goLive(end);
        this.outOfReach += 1;
        if (this.outOfReach >= ROUNDS_OUT_OF_REACH) throw new FeedTooShort(feed.horizonSeconds);
      }
    }
    this.position = end;
    this.upcoming = { ...end, ...beginning(await feed.now(), feed.horizonSeconds, justBefore(end.horizon)) };
    this.watch.begin(this.upcoming);
    return this.enter(this.upcoming);
  }

  /**
   * The next round is entered, and can be saved, only when all that became visible before it was looked at: whoever goes on from there asks for nothing
   * older, and the live phase drops it.
   */
  private async enter(next: History): Promise<Stretch> {
    this.watch.open(this.options.watched);
    if (!(await this.watch.passes(next.began, WATCH_WAIT_MS)))
      return { deliveries: [], position: this.position, read: 0, more: true };
    this.watch.check();
    const missed = this.watch.take(next.began);
    for (const { commit, visibleAt } of missed) this.tellLate(commit, visibleAt);
    this.upcoming = undefined;
    this.position = next;
    const wanted = missed.map(({ commit }): Delivery => ({ commit })).filter(({ commit }) => this.isWanted(commit));
    const deliveries = await this.unseen(wanted, next.again !== undefined);
    return { deliveries, position: next, read: missed.length, more: true };
  }

  private async isShort({ began }: History): Promise<boolean> {
    const { feed } = this.options;
    return secondsOf(await feed.now()) - secondsOf(began) <= feed.horizonSeconds;
  }

  /** What is not older than the horizon is read as of now, since the feed, which is slow, would have to go back to there for it. */
  private async goLive({ horizon, again, ...round }: History): Promise<Stretch> {
    const { feed, watched } = this.options;
    this.watch.check();
    const looked = this.watch.isOpen ? this.watch.clearTo : watched?.(round.began);
    await this.watch.close();
    // Who looked for what is late has looked in place of the feed.
    const began = later(lookedTo(looked), round.began);
    // The feed passes it at once, also while nothing happens.
    const asOf = justBefore(await feed.now());
    const position: Recent = {
      ...{ phase: 'live', began, horizon, asOf, after: justBefore(horizon) },
      ...(again !== undefined && { again }),
    };
    this.position = position;
    this.floor = horizon;
    return { deliveries: [], position, floor: horizon, read: 0, more: true };
  }

  private async nextRecent(position: Recent): Promise<Stretch> {
    const { feed } = this.options;
    const { after: _after, ...end } = position;
    try {
      this.recent ??= HistoryRound.recent(feed, position, this.options);
      const got = await this.recent.next();
      if (got === undefined) this.recent = undefined;
      this.position = got?.position ?? end;
      const deliveries = await this.unseen(
        (got?.deliveries ?? []).filter(({ commit }) => this.isWanted(commit)),
        position.again !== undefined,
      );
      return { deliveries, position: this.position, read: got?.deliveries.length ?? 0, more: true };
    } catch (error) {
      if (!isFeedHistoryLost(error)) throw error;
      this.recent = undefined;
      // The feed has all of it, and watermarks name what was delivered.
      const { asOf: _asOf, ...all } = end;
      this.position = { ...all, again: await feed.now() };
      return { deliveries: [], position: this.position, read: 0, more: true };
    }
  }

  private async nextLive(position: Live): Promise<Stretch> {
    const { feed } = this.options;
    const { asOf } = position;
    this.subscription ??= feed.subscribe(position.feed ? { after: position.feed } : { at: feedStartOf(position) });
    const { commits, position: reached } = await this.subscription.next({ max: LIVE_COMMITS, waitMs: LIVE_WAIT_MS });
    const deliveries: Delivery[] = [];
    for (const { commit, visibleAt, position: at } of commits) {
      if (!isInSlices(commit.stream, this.options.slices)) continue;
      const old = commit.time < position.horizon;
      const had = old ? position.began : asOf;
      if (had !== undefined && visibleAt <= had) continue;
      if (old && this.options.late === 'stop') throw new LateCommit(commit, visibleAt);
      if (old) this.tellLate(commit, visibleAt);
      if (this.isWanted(commit)) deliveries.push(new LiveDelivery(commit, position, at));
    }
    const { again, asOf: _asOf, ...rest } = position;
    // What became visible after the re-entry cannot have been applied before it, nor what did after the moment of which all was read.
    const isAgain = again !== undefined && reached.time <= again;
    const isHad = asOf !== undefined && reached.time <= asOf;
    this.position = { ...rest, feed: reached, ...(isHad && { asOf }), ...(isAgain && { again }) };
    const floor = floorOf(this.position, feed.horizonSeconds);
    if (floor !== undefined && (this.floor === undefined || floor > this.floor)) this.floor = floor;
    return {
      deliveries: await this.unseen(deliveries, again !== undefined),
      position: this.position,
      ...(this.floor !== undefined && { floor: this.floor }),
      read: commits.length,
      more: commits.length > 0,
    };
  }

  /** The feed no longer reaches back to here: again from the floor, dropping what watermarks name. Never "from now". */
  private async reenter(cause: Error): Promise<Stretch> {
    const { feed, logger } = this.options;
    await this.release();
    // A restored store loses the place as well.
    await this.options.beforeReentry?.();
    const now = await feed.now();
    // Without a floor nothing was ever applied live: then the history is begun, or gone on with, as before.
    const after =
      this.floor !== undefined
        ? justBefore(this.floor)
        : this.position.phase === 'history'
          ? this.position.after
          : undefined;
    logger.warn('The feed lost the history that follows this place: catching up again from the floor.', {
      floor: this.floor,
      cause: cause.message,
    });
    const again = { ...beginning(now, feed.horizonSeconds, after), again: now };
    // What lies before the floor was done with, also where the floor is young (a consumer that began "now").
    this.position = this.floor !== undefined && this.floor > again.horizon ? { ...again, horizon: this.floor } : again;
    this.round = undefined;
    this.recent = undefined;
    this.upcoming = undefined;
    this.subscription = undefined;
    this.watch = this.newWatch();
    this.watchAt = this.options.environment.now() + WATCH_AFTER_MS;
    return { deliveries: [], position: this.position, read: 0, more: true };
  }

  /** To be looked into: what follows it in its stream may have been delivered before. */
  private tellLate({ stream, firstVersion: version, time }: Commit, visibleAt: StoreTime): void {
    this.options.logger.error(
      'A commit became visible after the history that should have held it: it is delivered now, late.',
      { stream, version, time, visibleAt },
    );
  }

  private isWanted({ events, stream }: Commit): boolean {
    const { wanted } = this;
    if (wanted !== undefined && !events.some(({ type }) => wanted.has(type))) return false;
    return isInSlices(stream, this.options.slices);
  }

  private async unseen(deliveries: readonly Delivery[], again: boolean): Promise<readonly Delivery[]> {
    if (!again || deliveries.length === 0) return deliveries;
    const marks = await this.options.watermarks([...new Set(deliveries.map(({ commit }) => commit.stream))]);
    return deliveries.filter(({ commit }) => lastVersionOf(commit) > (marks.get(commit.stream)?.seen ?? 0));
  }

  private newWatch(): LatenessWatch {
    const { feed, environment, logger, late, slices } = this.options;
    return new LatenessWatch(feed, environment, logger, late, slices);
  }
}

function isRecent(position: Live): position is Recent {
  return position.asOf !== undefined && position.after !== undefined;
}

/** Behind what was had before: on a quiet store the moment of the last read may lie before that of the round. */
function feedStartOf({ began, horizon, asOf }: Live): StoreTime {
  if (asOf === undefined) return horizon;
  return asOf < began ? asOf : began;
}
