import { StoreUnavailable, type StoreTime } from '@nestfold/core';
import type { ClientSession, MongoClient, Timestamp } from 'mongodb';
import { storeTimeOf, timestampOf } from './bson-mapping.js';

/** A read that takes longer is given up, with its connection: a reply may have been lost on the way. */
const READ_LIMIT_MS = 30_000;

/** What a read hands to the driver. */
export interface SeenOptions {
  readonly session: ClientSession;
  readonly signal: AbortSignal;
}

/**
 * The latest store time that this process has seen of its own reads and appends. Reads are not older: a primary that
 * has just been elected may know of less than its predecessor acknowledged, and would answer from the past.
 */
export class CausalClock {
  private latest: Timestamp | undefined;

  constructor(private readonly client: MongoClient) {}

  /** Notes what an acknowledgement said. */
  observe(time: StoreTime): void {
    this.advance(timestampOf(time));
  }

  /** Runs a read that sees all of that; answers also the store's time at the read. Throws `StoreUnavailable` after 30 s. */
  async read<T>(work: (seen: SeenOptions) => Promise<T>): Promise<{ readonly value: T; readonly time: StoreTime }> {
    const session = this.client.startSession({ causalConsistency: true });
    if (this.latest) session.advanceOperationTime(this.latest);
    const abort = new AbortController();
    const late = (): void =>
      abort.abort(new StoreUnavailable('The database did not answer a read in time. Try again later.'));
    const timer = setTimeout(late, READ_LIMIT_MS);
    try {
      const value = await work({ session, signal: abort.signal });
      const time = session.operationTime as Timestamp;
      this.advance(time);
      return { value, time: storeTimeOf(time) };
    } finally {
      clearTimeout(timer);
      await session.endSession();
    }
  }

  private advance(time: Timestamp): void {
    if (!this.latest || time.greaterThan(this.latest)) this.latest = time;
  }
}
