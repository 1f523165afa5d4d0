import { StoreUnavailable, type FeedStart } from '@nestfold/core';
import type { ChangeBatch } from './change-reader.js';
import type { ChangeSource } from './change-source.js';
import { SharedStream } from './shared-stream.js';

/** Keeps the shared stream, which begins with the first user and ends with the last. Throws `StoreUnavailable` once it is closed. */
export class FeedHub {
  private stream: SharedStream | undefined;
  private users = 0;
  private hasClosed = false;
  private readonly listeners = new Set<() => void>();
  private readonly leaving = new Set<() => void>();

  constructor(
    private readonly source: ChangeSource,
    private readonly isNotice: (change: ChangeBatch['changes'][number]) => boolean,
  ) {}

  /** Whether the shared stream is open, so that notices come at once. */
  get alive(): boolean {
    return this.stream !== undefined && this.stream.downForMs() === 0;
  }

  /** Whether the store is closed: nothing is read any more. */
  get closed(): boolean {
    return this.hasClosed;
  }

  enter(): void {
    this.users += 1;
  }

  /** Calls back when the hub is closed. Answers how to stop. */
  onClose(listener: () => void): () => void {
    this.leaving.add(listener);
    return () => this.leaving.delete(listener);
  }

  async leave(): Promise<void> {
    this.users -= 1;
    if (this.users > 0) return;
    const last = this.stream;
    this.stream = undefined;
    await last?.stop();
  }

  /** The stream of all users; where there is none that works, one that begins at `start`, or now. */
  shared(start?: FeedStart): SharedStream {
    if (this.hasClosed) throw new StoreUnavailable('The store is closed: nothing follows it any more.');
    if (!this.stream || this.stream.failure) {
      this.stream = new SharedStream(this.source, start, (batch) => this.noticed(batch));
    }
    return this.stream;
  }

  /** Calls back when a collection of notices changed, or may have while the stream was down. Answers how to stop. */
  onNotice(listener: () => void): () => void {
    this.listeners.add(listener);
    this.enter();
    this.shared();
    return () => {
      if (this.listeners.delete(listener)) void this.leave();
    };
  }

  /** Opens the shared stream again if it has ended for good and somebody listens. */
  revive(): void {
    if (!this.hasClosed && this.listeners.size > 0) this.shared();
  }

  /** Ends the shared stream, whoever still uses it, and tells them. */
  async close(): Promise<void> {
    this.hasClosed = true;
    for (const listener of [...this.leaving]) listener();
    const last = this.stream;
    this.stream = undefined;
    await last?.stop();
  }

  private noticed(batch: ChangeBatch | undefined): void {
    if (batch && !batch.changes.some(this.isNotice)) return;
    for (const listener of [...this.listeners]) listener();
  }
}
