import { StoreOverloaded } from '@nestfold/core';
import type { PendingCommit } from './pending-commit.js';

/** How much may wait, and how much leaves together. */
export interface QueueLimits {
  /** Commits without an outcome, sent ones included. */
  readonly commits: number;
  readonly bytes: number;
  readonly commitsAFlush: number;
  readonly bytesAFlush: number;
}

/**
 * The bounded queue of commits. At most one of a stream is on its way (two in one insert would make the server undo and redo it):
 * the others wait behind it, in order.
 */
export class CommitQueue {
  /** May leave; what was answered meanwhile is dropped when its turn comes. */
  private ready: PendingCommit[] = [];
  /** Streams with a commit that is ready or on its way, and those behind it. */
  private readonly streams = new Map<string, PendingCommit[] | undefined>();
  /** All that has no outcome yet. A chain through the commits themselves: a set of them would be felt in every append. */
  private first: PendingCommit | undefined;
  private last: PendingCommit | undefined;
  private commits = 0;
  private bytes = 0;

  constructor(private readonly limits: QueueLimits) {}

  /** Throws `StoreOverloaded` when the queue is full. */
  add(commit: PendingCommit): void {
    const { commits, bytes } = this.limits;
    if (this.commits >= commits || this.bytes + commit.bytes > bytes) {
      throw new StoreOverloaded('Too many appends are waiting: nothing of this one is stored. Repeat it later.', {
        commits: this.commits,
        bytes: this.bytes,
      });
    }
    this.chain(commit);
    const { stream } = commit;
    if (!this.streams.has(stream)) {
      this.streams.set(stream, undefined);
      this.ready.push(commit);
      return;
    }
    const behind = this.streams.get(stream);
    if (behind) behind.push(commit);
    else this.streams.set(stream, [commit]);
  }

  /** What leaves next: all that may, up to the limits; half of it where another flush is to leave at the same time. */
  take(share: 1 | 2): PendingCommit[] {
    const { commitsAFlush, bytesAFlush } = this.limits;
    const most = Math.min(commitsAFlush, Math.ceil(this.ready.length / share));
    let end = 0;
    let bytes = 0;
    while (end < most) {
      bytes += (this.ready[end] as PendingCommit).bytes;
      if (end > 0 && bytes > bytesAFlush) break;
      end += 1;
    }
    if (end === this.ready.length) {
      const all = this.ready;
      this.ready = [];
      return all;
    }
    return this.ready.splice(0, end);
  }

  get readyCount(): number {
    return this.ready.length;
  }

  /** How many have no outcome. */
  get openCount(): number {
    return this.commits;
  }

  /** All without an outcome, oldest first; each may be forgotten when its turn comes. */
  *unanswered(): Iterable<PendingCommit> {
    for (let commit = this.first; commit;) {
      const next: PendingCommit | undefined = commit.next;
      yield commit;
      commit = next;
    }
  }

  /** Counts a commit no longer: its caller has been answered. Its stream stays taken until `advance`. */
  forget(commit: PendingCommit): void {
    const { previous, next } = commit;
    if (previous) previous.next = next;
    else if (this.first === commit) this.first = next;
    else return;
    if (next) next.previous = previous;
    else this.last = previous;
    commit.previous = commit.next = undefined;
    this.commits -= 1;
    this.bytes -= commit.bytes;
  }

  private chain(commit: PendingCommit): void {
    commit.previous = this.last;
    if (this.last) this.last.next = commit;
    else this.first = commit;
    this.last = commit;
    this.commits += 1;
    this.bytes += commit.bytes;
  }

  /** The commit that now stands first in the stream of one that is no longer on its way; it counts as on its way until it is advanced or made ready. */
  advance(stream: string): PendingCommit | undefined {
    const next = this.streams.get(stream)?.shift();
    if (!next) this.streams.delete(stream);
    return next;
  }

  makeReady(commit: PendingCommit): void {
    this.ready.push(commit);
  }
}
