import { systemEnvironment, type Environment } from '@nestfold/core';
import type { Consumer, ConsumerRunConfig, EachBatchPayload, Kafka } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { KafkaReader } from './kafka.reader.js';

/** A reader of two partitions, its client replaced: `fetched` is told when the client may fetch again, and `held` how long it waits at most. */
async function reading() {
  const held: number[] = [];
  const sleep: Environment['sleep'] = (milliseconds, signal) => {
    held.push(milliseconds);
    return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
  };
  const listeners = new Map<string, (event: object) => void>();
  let eachBatch: ConsumerRunConfig['eachBatch'];
  const nothing = (): Promise<void> => Promise.resolve();
  const consumer = {
    on: (name: string, listener: (event: object) => void) => listeners.set(name, listener),
    connect: nothing,
    subscribe: nothing,
    disconnect: nothing,
    seek: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    run: async (config: ConsumerRunConfig) => void (eachBatch = config.eachBatch),
  } as unknown as Consumer;
  const reader = new KafkaReader({ consumer: () => consumer } as unknown as Kafka, {
    topic: 'order',
    partitions: 2,
    group: 'g',
    environment: { ...systemEnvironment, sleep },
    unanswered: () => undefined,
    reach: async () => [0, 1].map((partition) => ({ partition, earliest: 0, end: 10_000 })),
  });
  const subscriptions = [reader.open(0, 0), reader.open(1, 0)] as const;
  await expect.poll(() => eachBatch).toBeDefined();
  listeners.get('consumer.group_join')?.({});
  const fetched = (partition: number, count: number): Promise<void> => {
    const messages = Array.from({ length: count }, (_, offset) => ({ offset: `${offset}`, value: null, headers: {} }));
    const batch = { partition, messages, highWatermark: '10000' };
    return eachBatch!({ batch, heartbeat: nothing } as unknown as EachBatchPayload);
  };
  return { reader, subscriptions, fetched, held };
}

describe('reader of a topic', () => {
  // Without the wait a backlog piles up in memory, and outlives the collector's young generation.
  it('fetches no more while all partitions have enough to work on, and goes on as soon as one has not', async () => {
    const { reader, subscriptions, fetched, held } = await reading();
    await fetched(0, 2_500);
    expect(held).toEqual([]);
    let isOver = false;
    const last = fetched(1, 2_500).then(() => (isOver = true));
    await expect.poll(() => held).toEqual([200]);
    expect(isOver).toBe(false);
    await subscriptions[0].next({ max: 1, waitMs: 0 });
    await last;
    await reader.close();
  });

  it('holds up nobody when a partition is given back, or a new one is opened', async () => {
    const { reader, subscriptions, fetched, held } = await reading();
    await fetched(0, 2_500);
    const first = fetched(1, 2_500);
    await expect.poll(() => held).toHaveLength(1);
    await subscriptions[1].close();
    await first;
    const second = fetched(0, 2_501);
    await expect.poll(() => held).toHaveLength(2);
    reader.open(1, 0);
    await second;
    await reader.close();
  });
});
