import {
  counterOf,
  minusSeconds,
  secondsOf,
  storeTime,
  type FeedPosition,
  type Position,
  type StoreTime,
} from '@nestfold/core';

/** The latest store time before another one: what `after` must be for a range to begin at that one. */
export function justBefore(time: StoreTime): StoreTime {
  const counter = counterOf(time);
  return counter > 0 ? storeTime(secondsOf(time), counter - 1) : storeTime(secondsOf(time) - 1, 0xffff_ffff);
}

/** The later of two store times. */
export function later(one: StoreTime | undefined, other: StoreTime): StoreTime {
  return one !== undefined && one > other ? one : other;
}

/** Up to where everything was taken at a position; `undefined` where nothing was. */
export function timeOf(position: Position): StoreTime | undefined {
  if (position.phase === 'topic') return position.time;
  if (position.phase === 'history' || position.after !== undefined) return position.after;
  return later(position.feed && readTo(position.feed), position.asOf ?? justBefore(position.horizon));
}

/** Up to where a place on the feed has everything: not of its own time where that goes on. */
export function readTo({ time, isInside }: FeedPosition): StoreTime {
  return isInside ? justBefore(time) : time;
}

/** Whether more of the very time of a position may follow. */
export function isInsideTime(position: Position): boolean {
  return position.phase === 'live' && position.feed?.isInside === true;
}

/** Whether of the time inside which one place stands nothing more follows, as the next one tells: others go by what is saved. */
export function isOutOfTime(before: Position | undefined, position: Position): boolean {
  return before !== undefined && isInsideTime(before) && !isInsideTime(position);
}

/** Whether a place is in what is read from the log itself: history, or what was visible when the live feed was to begin. */
export function isCatchingUp(position: Position): boolean {
  return position.phase === 'history' || (position.phase === 'live' && position.after !== undefined);
}

/** What the floor of a live position is: everything older has been applied, and no commit can become visible that late. */
export function floorOf(position: Position, horizonSeconds: number): StoreTime | undefined {
  return position.phase === 'live' && position.feed ? minusSeconds(position.feed.time, 2 * horizonSeconds) : undefined;
}

/** The place where a follower of all history begins. */
export function beginning(
  now: StoreTime,
  horizonSeconds: number,
  after?: StoreTime,
): Extract<Position, { phase: 'history' }> {
  return {
    phase: 'history',
    began: now,
    horizon: minusSeconds(now, horizonSeconds),
    ...(after !== undefined && { after }),
  };
}
