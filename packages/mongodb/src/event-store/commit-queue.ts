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
  /** All that has no outcome yet. */
  private readonly open = new Set<PendingCommit>();
  private bytes = 0;

  constructor(private readonly limits: QueueLimits) {}

  /** Throws `StoreOverloaded` when the queue is full. */
  add(commit: PendingCommit): void {
    const { commits, bytes } = this.limits;
    if (this.open.size >= commits || this.bytes + commit.bytes > bytes) {
      throw new StoreOverloaded('Too many appends are waiting: nothing of this one is stored. Repeat it later.', {
        commits: this.open.size,
        bytes: this.bytes,
      });
    }
    this.open.add(commit);
    this.bytes += commit.bytes;
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

  get openCount(): number {
    return this.open.size;
  }

  /** All without an outcome. */
  unanswered(): Iterable<PendingCommit> {
    return this.open;
  }

  /** Counts a commit no longer: its caller has been answered. Its stream stays taken until `advance`. */
  forget(commit: PendingCommit): void {
    if (this.open.delete(commit)) this.bytes -= commit.bytes;
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
