import type { StoreTime, StreamName } from '@nestfold/core';
import type { Binary } from 'mongodb';
import type { CommitStub } from './commit-document.js';
import type { CommitReader } from './commit-reader.js';

const AT_ONCE = 2;
const IDS_A_READ = 500;

/** A keyed commit that is stored, and the store's time when it was seen. */
export interface FoundCommit {
  readonly stub: CommitStub;
  readonly time: StoreTime;
}

interface Request {
  readonly stream: StreamName;
  readonly id: Binary;
  readonly resolve: (found: FoundCommit | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Looks for commits by their key. Requests that arrive while two reads are under way share the next one; each is answered by a
 * read that began after it was asked.
 */
export class KeyedLookup {
  private waiting: Request[] = [];
  private running = 0;

  constructor(private readonly reader: Pick<CommitReader, 'keyed'>) {}

  find(stream: StreamName, id: Binary): Promise<FoundCommit | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ stream, id, resolve, reject });
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
      const { stubs, time } = await this.reader.keyed(requests.map(({ id }) => id));
      const found = new Map(stubs.map((stub) => [keyOf(stub._id.s, stub.c), stub]));
      for (const { stream, id, resolve } of requests) {
        const stub = found.get(keyOf(stream, id));
        resolve(stub && { stub, time });
      }
    } catch (error) {
      for (const { reject } of requests) reject(error);
    }
  }
}

function keyOf(stream: StreamName, id: Binary): string {
  return `${id.toString('hex')} ${stream}`;
}
