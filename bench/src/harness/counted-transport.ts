import type { TransportConnection } from '@nestfold/core';
import { altered } from './altered.js';
import type { Gate } from './gate.js';

const PATIENCE_MS = 120_000;

/** A transport that counts what the broker has acknowledged and what was read, and whose reading is held up by a gate. */
export class CountedTransport {
  readonly connection: TransportConnection;
  private readonly published = new Count('acknowledged');
  private readonly taken = new Count('read');

  constructor(inner: TransportConnection, gate?: Gate) {
    this.connection = altered(inner, {
      publish: async (topic: string, commits: Parameters<TransportConnection['publish']>[1]) => {
        await inner.publish(topic, commits);
        this.published.add(commits.length);
      },
      reader: (consumer: string, topic: string) => {
        const reader = inner.reader(consumer, topic);
        return {
          open: (partition: number, from: number) => {
            const subscription = reader.open(partition, from);
            return altered(subscription, {
              next: async (options: Parameters<typeof subscription.next>[0]) => {
                await gate?.pass();
                const batch = await subscription.next(options);
                this.taken.add(batch.messages.length);
                return batch;
              },
            });
          },
          close: () => reader.close(),
        };
      },
    });
  }

  /** Resolves when so many commits more than now are acknowledged. Throws after two minutes. */
  acknowledges(more: number): Promise<void> {
    return this.published.reaches(more);
  }

  /** Resolves when so many messages more than now are read. Throws after two minutes. */
  reads(more: number): Promise<void> {
    return this.taken.reaches(more);
  }
}

/** Of commits, and who waits for it. */
class Count {
  private sum = 0;
  private waiting: { readonly sum: number; readonly reached: () => void } | undefined;

  constructor(private readonly what: string) {}

  add(more: number): void {
    this.sum += more;
    if (this.waiting !== undefined && this.sum >= this.waiting.sum) this.waiting.reached();
  }

  async reaches(more: number): Promise<void> {
    const sum = this.sum + more;
    await new Promise<void>((resolve, reject) => {
      const told = (): void => reject(new Error(`${sum - this.sum} of ${more} commits were not ${this.what}.`));
      const patience = setTimeout(told, PATIENCE_MS);
      const reached = (): void => {
        clearTimeout(patience);
        resolve();
      };
      this.waiting = { sum, reached };
    });
  }
}
