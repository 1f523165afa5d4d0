import { hasReached, type Batch, type Position, type StoreTime } from '@nestfold/core';
import type { Violation } from './history.js';

interface Seen {
  readonly token: number;
  readonly position: Position | undefined;
  readonly floor: StoreTime | undefined;
}

/**
 * G3: watches the checkpoints of a store move. A token never falls, so that nobody writes under a lease that another one has taken over; a floor never falls; a
 * place never falls, save where a follower that lost its history says so (`again`) and begins at its floor.
 */
export class CheckpointWatch {
  readonly violations: Violation[] = [];
  private readonly seen = new Map<string, Seen>();

  /** To be told of each lease token that has claimed a checkpoint, in the order in which they did. */
  claimed(key: string, token: number): void {
    const { token: before = 0, position, floor } = this.seen.get(key) ?? {};
    if (token < before) this.tell('checkpoint-monotone', key, `token ${token} claimed it after ${before}`);
    this.seen.set(key, { token: Math.max(token, before), position, floor });
  }

  /** To be told of each batch that was stored, in that order. */
  written({ key, token, position, floor }: Pick<Batch, 'key' | 'token' | 'position' | 'floor'>): void {
    const before = this.seen.get(key);
    if (before !== undefined) {
      if (token < before.token)
        this.tell('fenced-writes-nothing', key, `token ${token} wrote after ${before.token} had claimed it`);
      if (floor !== undefined && before.floor !== undefined && floor < before.floor)
        this.tell('checkpoint-monotone', key, `its floor fell from ${before.floor} to ${floor}`);
      const fall = before.position && fallOf(before.position, position);
      if (fall !== undefined) this.tell('checkpoint-monotone', key, fall);
    }
    this.seen.set(key, { token, position, floor: floor ?? before?.floor });
  }

  /** A declared rebuild, or its end, takes a checkpoint away. */
  removed(key: string): void {
    this.seen.delete(key);
  }

  private tell(rule: Violation['rule'], key: string, what: string): void {
    this.violations.push({ rule, subject: key, message: `${key}: ${what}.` });
  }
}

function fallOf(before: Position, after: Position): string | undefined {
  if (before.phase === 'topic' || after.phase === 'topic')
    return before.phase === after.phase && !hasReached(after, before) ? 'it went back in its topic' : undefined;
  if (after.began < before.began) return `its round went back from ${before.began} to ${after.began}`;
  if (before.phase === 'live' && after.phase === 'history')
    return after.again === undefined ? 'it went from live back to history without having lost any' : undefined;
  if (before.phase === 'live' && after.phase === 'live') {
    const [from, to] = [before.feed?.token ?? '', after.feed?.token ?? ''];
    if (to < from) return `it went back from ${from} to ${to}`;
    // Where the store no longer knows what was visible then, the feed has it again.
    const isSame = before.after !== undefined && after.after !== undefined && before.asOf === after.asOf;
    return isSame && after.after < before.after ? `it went back from ${before.after} to ${after.after}` : undefined;
  }
  if (before.phase === 'history' && after.phase === 'history' && before.began === after.began)
    return (after.after ?? '') < (before.after ?? '')
      ? `it went back from ${before.after} to ${after.after}`
      : undefined;
  return undefined;
}
