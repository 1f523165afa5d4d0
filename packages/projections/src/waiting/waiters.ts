import { lastVersionOf, type StreamName } from '@nestfold/core';
import type { TakenDelivery } from '../running/ready-batch.js';

/** Somebody who waits for a stream to be applied. */
export class Waiter {
  private readonly told = new Map<string, number>();
  private changed = new AbortController();

  /** Aborts with the next thing that may matter. */
  get signal(): AbortSignal {
    return this.changed.signal;
  }

  /** From here on a new signal tells. To be called before one looks: what happens during the look is not missed then. */
  listen(): void {
    if (this.changed.signal.aborted) this.changed = new AbortController();
  }

  /** Whether this process has applied the stream up to a version in a generation. */
  hasApplied(generation: string, version: number): boolean {
    return (this.told.get(generation) ?? 0) >= version;
  }

  note(generation: string, applied: number): void {
    this.told.set(generation, Math.max(applied, this.told.get(generation) ?? 0));
    this.wake();
  }

  wake(): void {
    this.changed.abort();
  }
}

/** Those who wait for projections in one process. Who applies a batch tells them at once; nobody asks the store. */
export class Waiters {
  private readonly waiting = new Map<StreamName, Set<Waiter>>();
  private isEnded = false;

  /** Whether the process feeds nothing any more. */
  get hasEnded(): boolean {
    return this.isEnded;
  }

  /** Adds one who waits for a stream; answers how to take it away. */
  add(stream: StreamName, waiter: Waiter): () => void {
    const others = this.waiting.get(stream) ?? new Set();
    this.waiting.set(stream, others.add(waiter));
    return () => {
      others.delete(waiter);
      if (others.size === 0 && this.waiting.get(stream) === others) this.waiting.delete(stream);
    };
  }

  /** A batch of a generation is stored: to be called after its transaction, never before. */
  tell(generation: string, deliveries: readonly TakenDelivery[]): void {
    if (this.waiting.size === 0) return;
    for (const { commit, held } of deliveries) {
      const applied = held === undefined ? lastVersionOf(commit) : held.applied;
      for (const waiter of this.waiting.get(commit.stream) ?? []) waiter.note(generation, applied);
    }
  }

  /** Something changed that concerns all: a pointer, a pause, a failure. */
  wake(): void {
    for (const all of this.waiting.values()) for (const waiter of all) waiter.wake();
  }

  /** The process stops: nobody waits any longer. */
  end(): void {
    this.isEnded = true;
    this.wake();
  }
}
