import type { LiveCommit, StoreTime } from '@nestfold/core';

/** How much a buffer keeps: whichever limit is reached first. */
export interface BufferLimits {
  readonly commits: number;
  readonly bytes: number;
}

/** A commit of the feed with its size in BSON. */
export interface SizedCommit {
  readonly live: LiveCommit;
  readonly bytes: number;
}

interface Slot extends SizedCommit {
  /** Bytes of all commits before this one. */
  readonly offset: number;
}

/** Where a buffer begins: everything after the token, and everything visible later than the time, is in it or still to come. */
export interface BufferStart {
  readonly token: string;
  readonly time: StoreTime;
}

/**
 * The last commits of the shared stream, numbered as they came. Readers hold a number, not a copy: one that is too slow
 * finds its place overwritten and goes on by itself, so the memory is bounded whatever the number of readers.
 */
export class LiveBuffer {
  private readonly slots: (Slot | undefined)[];
  private first = 0;
  private next = 0;
  private bytes = 0;

  constructor(
    private readonly limits: BufferLimits,
    private start: BufferStart,
  ) {
    this.slots = new Array<Slot | undefined>(limits.commits);
  }

  /** The number that the next commit will get. */
  get end(): number {
    return this.next;
  }

  push({ live, bytes }: SizedCommit): void {
    // The newest stays, however large it is.
    while (
      this.first < this.next &&
      (this.next - this.first >= this.limits.commits || this.held() + bytes > this.limits.bytes)
    ) {
      this.evict();
    }
    this.slots[this.next % this.limits.commits] = { live, bytes, offset: this.bytes };
    this.bytes += bytes;
    this.next += 1;
  }

  /** Commits from a number on, or `undefined` when the first of them is gone. */
  take(from: number, max: number): LiveCommit[] | undefined {
    if (from < this.first) return undefined;
    const taken: LiveCommit[] = [];
    for (let number = from; number < this.next && taken.length < max; number += 1) taken.push(this.at(number).live);
    return taken;
  }

  /** How much of the buffer stands between a number and the end, 0…1: at 1 the commit with this number goes next. */
  backlog(from: number): number {
    if (from >= this.next) return 0;
    if (from < this.first) return 1;
    return Math.max((this.next - from) / this.limits.commits, (this.bytes - this.at(from).offset) / this.limits.bytes);
  }

  /** The number of the first commit after a token; `undefined` where the buffer does not reach back to it. */
  numberAfter(token: string): number | undefined {
    if (token < this.start.token) return undefined;
    return this.firstNumber((live) => live.position.token > token);
  }

  /** The number of the first commit that became visible later than a time; `undefined` where the buffer does not reach back to it. */
  numberLater(time: StoreTime): number | undefined {
    if (time < this.start.time) return undefined;
    return this.firstNumber((live) => live.visibleAt > time);
  }

  private firstNumber(reached: (live: LiveCommit) => boolean): number {
    let low = this.first;
    let high = this.next;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (reached(this.at(middle).live)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private held(): number {
    return this.first === this.next ? 0 : this.bytes - this.at(this.first).offset;
  }

  private at(number: number): Slot {
    return this.slots[number % this.limits.commits] as Slot;
  }

  private evict(): void {
    const { live } = this.at(this.first);
    this.slots[this.first % this.limits.commits] = undefined;
    this.first += 1;
    this.start = { token: live.position.token, time: live.visibleAt };
  }
}
