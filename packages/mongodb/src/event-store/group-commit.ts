import { StoreOverloaded } from '@nestfold/core';
import type { PendingCommit } from './pending-commit.js';

/** Bounds of the queue and of one flush. */
export interface GroupCommitLimits {
  readonly flushes: number;
  readonly documentsAFlush: number;
  readonly bytesAFlush: number;
  readonly waitingDocuments: number;
  readonly waitingBytes: number;
}

export const DEFAULT_LIMITS: GroupCommitLimits = {
  flushes: 2,
  documentsAFlush: 500,
  bytesAFlush: 8 * 1024 * 1024,
  waitingDocuments: 20_000,
  waitingBytes: 64 * 1024 * 1024,
};

/**
 * Lets commits that arrive while a command is in flight leave together. No timer: a lone commit leaves at once. At most one commit of a
 * stream is on its way, so that a hot stream never makes a flush fail; the next one leaves when `release` was called for it.
 */
export class GroupCommit {
  private readonly ready: PendingCommit[] = [];
  /** Streams with a commit ready or on its way, and what waits behind it. */
  private readonly behind = new Map<string, PendingCommit[]>();
  private waiting = 0;
  private waitingBytes = 0;
  private idle: (() => void)[] = [];
  private closed = false;
  private readonly slots: number[];

  /** `flush` sends a batch on one of the slots; it settles when the slot is free again, and never rejects. */
  constructor(
    private readonly flush: (batch: readonly PendingCommit[], slot: number) => Promise<void>,
    private readonly limits: GroupCommitLimits = DEFAULT_LIMITS,
  ) {
    this.slots = Array.from({ length: limits.flushes }, (_, slot) => slot);
  }

  /** Throws `StoreOverloaded` when the queue is full or closed; nothing is sent then. */
  add(commit: PendingCommit): void {
    if (this.closed) throw new StoreOverloaded('The store is shutting down: it takes no appends any more.');
    if (this.waiting >= this.limits.waitingDocuments || this.waitingBytes + commit.bytes > this.limits.waitingBytes) {
      throw new StoreOverloaded('Too many appends are waiting: nothing of this one is stored. Repeat it later.');
    }
    this.waiting += 1;
    this.waitingBytes += commit.bytes;
    const queue = this.behind.get(commit.stream);
    if (queue) {
      queue.push(commit);
      return;
    }
    this.behind.set(commit.stream, []);
    this.ready.push(commit);
    this.pump();
  }

  /** Says that a stream's commit has its outcome: the next one of the stream may leave. */
  release(commit: PendingCommit): void {
    this.waiting -= 1;
    this.waitingBytes -= commit.bytes;
    const next = this.behind.get(commit.stream)?.shift();
    if (next) this.ready.push(next);
    else this.behind.delete(commit.stream);
    if (this.waiting === 0) for (const wake of this.idle.splice(0)) wake();
    this.pump();
  }

  /** Takes nothing more; settles when everything that was taken has its outcome. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.waiting > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** What has no outcome yet and has not left. */
  abandonWaiting(): PendingCommit[] {
    const behind = [...this.behind.values()].flatMap((queue) => queue.splice(0));
    return [...this.ready.splice(0), ...behind];
  }

  private pump(): void {
    while (this.slots.length > 0 && this.ready.length > 0) {
      const batch = this.nextBatch();
      const slot = this.slots.pop() as number;
      void this.flush(batch, slot).then(() => {
        this.slots.push(slot);
        this.pump();
      });
    }
  }

  private nextBatch(): PendingCommit[] {
    const { documentsAFlush, bytesAFlush } = this.limits;
    let count = 0;
    let bytes = 0;
    while (count < this.ready.length && count < documentsAFlush) {
      bytes += this.ready[count]?.bytes ?? 0;
      if (count > 0 && bytes > bytesAFlush) break;
      count += 1;
    }
    return this.ready.splice(0, count);
  }
}
