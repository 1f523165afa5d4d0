import type { TransportConnection } from '@nestfold/core';
import { altered } from './altered.js';
import type { Gate } from './gate.js';

const PATIENCE_MS = 120_000;

/** A transport that counts what the broker has acknowledged, and whose reading is held up by a gate. */
export class CountedTransport {
  readonly connection: TransportConnection;
  private published = 0;
  private waiting: { readonly count: number; readonly reached: () => void } | undefined;

  constructor(inner: TransportConnection, gate?: Gate) {
    this.connection = altered(inner, {
      publish: async (topic: string, commits: Parameters<TransportConnection['publish']>[1]) => {
        await inner.publish(topic, commits);
        this.published += commits.length;
        if (this.waiting !== undefined && this.published >= this.waiting.count) this.waiting.reached();
      },
      reader: (consumer: string, topic: string) => {
        const reader = inner.reader(consumer, topic);
        return {
          open: (partition: number, from: number) => {
            const subscription = reader.open(partition, from);
            return altered(subscription, {
              next: async (options: Parameters<typeof subscription.next>[0]) => {
                await gate?.pass();
                return subscription.next(options);
              },
            });
          },
          close: () => reader.close(),
        };
      },
    });
  }

  /** Resolves when so many commits more than now are acknowledged. Throws after two minutes. */
  async acknowledges(more: number): Promise<void> {
    const count = this.published + more;
    await new Promise<void>((resolve, reject) => {
      const told = (): void => reject(new Error(`${count - this.published} of ${more} commits were not acknowledged.`));
      const patience = setTimeout(told, PATIENCE_MS);
      const reached = (): void => {
        clearTimeout(patience);
        resolve();
      };
      this.waiting = { count, reached };
    });
  }
}
