import type { StoreTime } from '@nestfold/core';
import type { ClientSession, MongoClient, Timestamp } from 'mongodb';
import { storeTimeOf, timestampOf } from './bson-mapping.js';

/** The read concern of a read: what a majority holds, and nothing older than a time where one is known. */
export interface CausalReadConcern {
  readonly level: 'majority';
  readonly afterClusterTime?: Timestamp;
}

/**
 * The latest store time that this connection has seen of its own reads, appends and batches. Reads are not older: a primary that
 * has just been elected may know of less than its predecessor acknowledged, and would answer from the past.
 */
export class CausalClock {
  private latest: StoreTime | undefined;
  private concern: CausalReadConcern = { level: 'majority' };

  /** Notes what an acknowledgement or an answer said. */
  observe(time: StoreTime): void {
    if (this.latest !== undefined && time <= this.latest) return;
    this.latest = time;
    this.concern = { level: 'majority', afterClusterTime: timestampOf(time) };
  }

  /** What a read asks for that is to see all of that. */
  readConcern(): CausalReadConcern {
    return this.concern;
  }

  /** A session whose reads see all of that. To be ended with `endSession`, and its time then to be noted with `observeOf`. */
  startSession(client: MongoClient): ClientSession {
    const session = client.startSession({ causalConsistency: true });
    const { afterClusterTime } = this.concern;
    if (afterClusterTime) session.advanceOperationTime(afterClusterTime);
    return session;
  }

  /** Notes what the operations of a session have seen. */
  observeOf({ operationTime }: ClientSession): void {
    if (operationTime) this.observe(storeTimeOf(operationTime));
  }

  /** Runs a read by the driver's own means that sees all of that, on a session of its own. */
  async read<T>(client: MongoClient, work: (session: ClientSession) => Promise<T>): Promise<T> {
    const session = this.startSession(client);
    try {
      return await work(session);
    } finally {
      this.observeOf(session);
      await session.endSession();
    }
  }
}
