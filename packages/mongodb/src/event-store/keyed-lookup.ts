import { StoreUnavailable, type Environment, type StoreTime, type StreamName } from '@nestfold/core';
import type { Binary } from 'mongodb';
import type { CommitStub } from './commit-document.js';
import type { CommitReader } from './commit-reader.js';

const AT_ONCE = 2;
const IDS_A_READ = 500;
const DEADLINE_GRAIN_MS = 25;

/** A keyed commit that is stored, and the store's time when it was seen. */
export interface FoundCommit {
  readonly stub: CommitStub;
  readonly time: StoreTime;
}

interface Request {
  readonly stream: StreamName;
  readonly id: Binary;
  readonly deadline: number;
  readonly resolve: (found: FoundCommit | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Looks for commits by their key. Requests that arrive while two reads are under way share the next one; each is answered by a
 * read that began after it was asked, or told at its own deadline that there was none in time.
 */
export class KeyedLookup {
  private waiting: Request[] = [];
  private running = 0;
  private readonly open = new Set<Request>();
  private stopWatch: (() => void) | undefined;

  constructor(
    private readonly environment: Pick<Environment, 'now' | 'every'>,
    private readonly reader: Pick<CommitReader, 'keyed'>,
  ) {}

  /** Throws `StoreUnavailable`, at the deadline (by the environment's clock) too. */
  find(stream: StreamName, id: Binary, deadline: number): Promise<FoundCommit | undefined> {
    return new Promise((resolve, reject) => {
      const request: Request = { stream, id, deadline, resolve, reject };
      this.waiting.push(request);
      this.open.add(request);
      this.stopWatch ??= this.environment.every(DEADLINE_GRAIN_MS, () => this.endWaits());
      if (this.running < AT_ONCE) queueMicrotask(() => this.pump());
    });
  }

  private pump(): void {
    while (this.running < AT_ONCE && this.waiting.length > 0) {
      this.running += 1;
      void this.answer(this.waiting.splice(0, IDS_A_READ)).finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private async answer(requests: readonly Request[]): Promise<void> {
    try {
      const ids = requests.map(({ id }) => id);
      // As long as one of those that share it waits.
      const { stubs, time } = await this.reader.keyed(ids, Math.max(...requests.map(({ deadline }) => deadline)));
      const found = new Map(stubs.map((stub) => [keyOf(stub._id.s, stub.c), stub]));
      for (const { stream, id, resolve } of requests) {
        const stub = found.get(keyOf(stream, id));
        resolve(stub && { stub, time });
      }
    } catch (error) {
      for (const { reject } of requests) reject(error);
    } finally {
      this.forget(requests);
    }
  }

  private endWaits(): void {
    const now = this.environment.now();
    const late = [...this.open].filter(({ deadline }) => deadline <= now);
    if (late.length === 0) return;
    for (const { stream, reject } of late) {
      reject(new StoreUnavailable('The database did not answer a read in time. Try again later.', { stream }));
    }
    this.waiting = this.waiting.filter((request) => !late.includes(request));
    this.forget(late);
  }

  private forget(requests: readonly Request[]): void {
    for (const request of requests) this.open.delete(request);
    if (this.open.size > 0) return;
    this.stopWatch?.();
    this.stopWatch = undefined;
  }
}

function keyOf(stream: StreamName, id: Binary): string {
  return `${id.toString('hex')} ${stream}`;
}
