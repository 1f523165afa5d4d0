import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from 'mongodb';

/** Watches a read model from outside and measures how long after its append a document is there. */
export interface Arrivals {
  /** Sends at a steady rate for some seconds; answers each document's milliseconds from before the append to its arrival. */
  measure(perSecond: number, seconds: number, send: (id: string) => Promise<void>): Promise<number[]>;
  close(): Promise<void>;
}

/** Opens the watch; both sides of a bench are seen through one of these, so its own delay counts for both. */
export async function watchArrivals(collection: Collection): Promise<Arrivals> {
  const stream = collection.watch([
    { $match: { operationType: { $in: ['insert', 'update', 'replace'] } } },
    { $project: { documentKey: 1 } },
  ]);
  const sent = new Map<string, number>();
  let latencies: number[] = [];
  stream.on('change', (change) => {
    const id = String((change as unknown as { documentKey: { _id: unknown } }).documentKey._id);
    const at = sent.get(id);
    if (at === undefined) return;
    sent.delete(id);
    latencies.push(performance.now() - at);
  });
  await new Promise((resolve) => stream.once('init', resolve).once('resumeTokenChanged', resolve));
  return {
    measure: async (perSecond, seconds, send) => {
      latencies = [];
      const started = performance.now();
      const sending: Promise<void>[] = [];
      for (let index = 0; index < perSecond * seconds; index += 1) {
        const due = started + (index * 1000) / perSecond;
        if (due > performance.now()) await sleep(due - performance.now());
        const id = randomUUID();
        sent.set(id, performance.now());
        sending.push(send(id));
      }
      await Promise.all(sending);
      for (const deadline = performance.now() + 10_000; sent.size > 0 && performance.now() < deadline;) await sleep(20);
      if (sent.size > 0) throw new Error(`${sent.size} documents never arrived.`);
      return latencies;
    },
    close: () => stream.close(),
  };
}
