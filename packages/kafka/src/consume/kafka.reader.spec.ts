import { setImmediate } from 'node:timers/promises';
import { systemEnvironment, type Environment } from '@nestfold/core';
import type { Consumer, ConsumerConfig, ConsumerRunConfig, EachBatchPayload, Kafka } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { KafkaReader } from './kafka.reader.js';

/** A reader of two partitions, its client replaced: `fetched` is told when the client may fetch again, `held` how long it waits at most, `asked` what clients ask for at a time. */
async function reading() {
  const held: number[] = [];
  const asked: unknown[] = [];
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
  const client = {
    consumer: ({ maxBytes, maxBytesPerPartition }: ConsumerConfig) => {
      asked.push({ maxBytes, maxBytesPerPartition });
      return { ...consumer };
    },
  };
  const reader = new KafkaReader(client as unknown as Kafka, {
    topic: 'order',
    partitions: 2,
    group: 'g',
    environment: { ...systemEnvironment, sleep },
    unanswered: () => undefined,
    requestTimeoutMs: 16_000,
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
  const hears = (name: string, payload: object): void => listeners.get(name)?.({ payload });
  return { reader, subscriptions, fetched, held, asked, hears };
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

  const [little, whole] = [
    { maxBytes: 65_536, maxBytesPerPartition: 65_536 },
    { maxBytes: 2_097_152, maxBytesPerPartition: 1_048_576 },
  ];
  const answer = (size: number, duration: number) => ({ apiName: 'Fetch', size, duration });

  it('asks for little at a time when an answer did not come in time, and for more while answers come fast', async () => {
    const { reader, subscriptions, asked, hears, fetched } = await reading();
    hears('consumer.network.request_timeout', { apiName: 'Fetch', broker: 'b' });
    await expect(subscriptions[0].next({ max: 1, waitMs: 0 })).rejects.toThrow(/unanswered/);
    const [first, second] = [reader.open(0, 0), reader.open(1, 0)];
    expect(asked).toEqual([whole, little]);
    hears('consumer.network.request', answer(65_600, 1_001));
    hears('consumer.network.request', answer(32_000, 1));
    expect(asked).toHaveLength(2);
    for (const size of [65_600, 262_000, 1_048_000, 2_097_000]) hears('consumer.network.request', answer(size, 1_000));
    expect(asked.slice(2)).toEqual([
      { maxBytes: 262_144, maxBytesPerPartition: 262_144 },
      { maxBytes: 1_048_576, maxBytesPerPartition: 1_048_576 },
      whole,
    ]);
    // A client that makes place for another fails nobody.
    const came = first.next({ max: 10, waitMs: 0 });
    await setImmediate();
    await fetched(0, 3);
    expect((await came).messages).toHaveLength(3);
    await first.close();
    await second.close();
    await reader.close();
  });
});
