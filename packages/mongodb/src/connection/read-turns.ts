import { StoreUnavailable } from '@nestfold/core';
import type { MongoClient } from 'mongodb';

/** What a read waits for its turn whose caller states no limit. */
const PATIENCE_MS = 10_000;

interface Waiting {
  readonly begin: () => void;
  hasGone: boolean;
}

/**
 * How many reads of callers go to the database at once: half of the connections, so that however many callers there are, the engine's leases, batches
 * and swaps find one. The rest wait in the order in which they came.
 */
export class ReadTurns {
  private readonly waiting: Waiting[] = [];
  private running = 0;

  constructor(
    private readonly atOnce: number,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** Half of a client's connections. */
  static of({ options: { maxPoolSize } }: Pick<MongoClient, 'options'>): ReadTurns {
    // To the driver 0 is no limit.
    return new ReadTurns(maxPoolSize === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(maxPoolSize / 2)));
  }

  /** Reads when it is its turn. Throws `StoreUnavailable`, naming the read, where that takes longer than `withinMs`; 10 s when missing. */
  async take<T>(what: string, read: () => Promise<T>, withinMs = this.patienceMs): Promise<T> {
    if (this.running >= this.atOnce) await this.turn(what, withinMs);
    else this.running += 1;
    try {
      return await read();
    } finally {
      this.handOn();
    }
  }

  private turn(what: string, patienceMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        hasGone: false,
        begin: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        waiting.hasGone = true;
        reject(new StoreUnavailable(`${what}: too many reads wait for the database. Try again later.`));
      }, patienceMs);
      this.waiting.push(waiting);
    });
  }

  /** The next one takes the place that this one leaves, so that nobody who comes later is faster. */
  private handOn(): void {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      if (!next.hasGone) return next.begin();
    }
    this.running -= 1;
  }
}
