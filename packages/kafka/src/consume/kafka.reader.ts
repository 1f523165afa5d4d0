import type { Environment, PartitionReach, TopicReader, TopicSubscription } from '@nestfold/core';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { unanswered } from '../connection/answers.js';
import { explained } from '../connection/failure.js';
import { Portion } from '../connection/portion.js';
import type { Seal } from '../wire/seal.js';
import { KafkaSubscription } from './kafka.subscription.js';

/** What is read, by whom, and how. */
export interface ReaderOptions {
  /** By the name that the broker knows. */
  readonly topic: string;
  readonly partitions: number;
  /** No other consumer's, in this process or another: partitions are shared out by leases, not by the group. */
  readonly group: string;
  readonly environment: Environment;
  readonly reach: () => Promise<readonly PartitionReach[]>;
  /** Hears that the broker leaves a request unanswered, and when that was sent, in the client's milliseconds: other connections may be as dead. */
  readonly unanswered: (sentAt: number) => void;
  /** How long the client waits for an answer. */
  readonly requestTimeoutMs: number;
  /** Missing: whoever may write to the topic is believed. */
  readonly seal?: Seal;
}

/** The most that a broker is asked for at a time, of one partition and of all. A message that is larger comes nevertheless, alone. */
const [PARTITION_BYTES, ANSWER_BYTES] = [1024 * 1024, 10 * 1024 * 1024];
/** How long a broker may hold back an answer when it has nothing: so long a partition waits that is opened meanwhile. */
const POLL_MS = 200;
/** How long the next fetch waits at most for somebody who has not enough to work on: no longer than one that finds all partitions paused. */
const HOLD_MS = POLL_MS;

/**
 * One consumer of the client for all partitions that are read in this process for one projection: a group of which it is the only member, so that it gets
 * all partitions, and fetches those that are open. Offsets are kept elsewhere; each join seeks to them. After a crash of the client all
 * subscriptions fail, and the next that is opened begins anew.
 */
export class KafkaReader implements TopicReader {
  private readonly subscriptions = new Map<number, KafkaSubscription>();
  private consumer: Consumer | undefined;
  /** Clients that have not begun to fetch. */
  private readonly beginning = new Set<Consumer>();
  private isJoined = false;
  private begun = 0;
  /** Aborts when somebody has not enough to work on. */
  private low = new AbortController();
  private readonly portion: Portion;

  constructor(
    private readonly kafka: Kafka,
    private readonly options: ReaderOptions,
  ) {
    const { partitions, requestTimeoutMs } = options;
    this.portion = new Portion(Math.min(partitions * PARTITION_BYTES, ANSWER_BYTES), requestTimeoutMs);
  }

  open(partition: number, from: number): TopicSubscription {
    const { topic, environment, reach, seal } = this.options;
    const subscription: KafkaSubscription = new KafkaSubscription(
      {
        topic,
        partition,
        reach: async () => (await reach())[partition] ?? { partition, earliest: 0, end: 0 },
        thirsty: () => this.flow(partition),
        low: () => this.low.abort(),
        closed: () => this.forget(partition, subscription),
        check: (message) => seal?.check(message),
        sleep: (milliseconds, signal) => environment.sleep(milliseconds, signal),
      },
      from,
    );
    this.subscriptions.set(partition, subscription);
    this.low.abort();
    if (this.consumer === undefined) this.begin();
    else this.flow(partition);
    return subscription;
  }

  async close(): Promise<void> {
    for (const subscription of [...this.subscriptions.values()]) await subscription.close();
    await this.leave();
  }

  private begin(): void {
    const { topic, group } = this.options;
    this.begun += 1;
    const consumer = this.kafka.consumer({
      // Another one each time: of a client that crashed the broker keeps the membership for a while, and would make the next one wait for it.
      groupId: `${group}.${this.begun}`,
      maxWaitTimeInMs: POLL_MS,
      maxBytes: this.portion.bytes,
      maxBytesPerPartition: Math.min(this.portion.bytes, PARTITION_BYTES),
      allowAutoTopicCreation: false,
      // Begun anew by whoever opens next, from the stored places.
      retry: { restartOnFailure: () => Promise.resolve(false) },
    });
    this.consumer = consumer;
    this.beginning.add(consumer);
    this.isJoined = false;
    const failed = (error: unknown): void => this.crashed(consumer, error);
    consumer.on('consumer.crash', ({ payload }) => failed(payload.error));
    consumer.on('consumer.network.request_timeout', (event) => {
      if (this.consumer !== consumer) return;
      this.portion.unanswered();
      this.options.unanswered(event.payload.sentAt);
      failed(unanswered(event));
    });
    consumer.on('consumer.network.request', ({ payload: { apiName, size, duration } }) => {
      if (this.consumer === consumer && apiName === 'Fetch' && this.portion.answered(size, duration)) this.renew();
    });
    consumer.on('consumer.group_join', () => this.joined(consumer));
    consumer
      .connect()
      .then(() => consumer.subscribe({ topic, fromBeginning: true }))
      .then(() => {
        if (this.consumer !== consumer) return;
        return consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: true,
          partitionsConsumedConcurrently: this.options.partitions,
          eachBatch: (payload) => this.take(consumer, payload),
        });
      })
      .catch(failed)
      .then(() => {
        this.beginning.delete(consumer);
        return this.consumer === consumer ? undefined : consumer.disconnect();
      })
      .catch(() => undefined);
  }

  /** How much a client asks for is settled when it is made. What has just come is asked for again. */
  private renew(): void {
    this.leave().catch(() => undefined);
    this.begin();
  }

  /** Nobody was told the places: the client would begin anywhere. */
  private joined(consumer: Consumer): void {
    if (this.consumer !== consumer) return;
    this.isJoined = true;
    for (let partition = 0; partition < this.options.partitions; partition += 1) this.flow(partition);
  }

  private async take(consumer: Consumer, { batch, heartbeat }: EachBatchPayload): Promise<void> {
    if (this.consumer !== consumer) return;
    const subscription = this.subscriptions.get(batch.partition);
    const isTaken = subscription?.push(batch.messages, Number(batch.highWatermark));
    if (isTaken === false) this.flow(batch.partition);
    else if (subscription === undefined || subscription.isFull) this.halt(batch.partition);
    await this.hold();
    await heartbeat();
  }

  /** The client fetches when all batches are taken: while every partition has enough to work on it need not. Of one that is paused it would hear late. */
  private async hold(): Promise<void> {
    const all = [...this.subscriptions.values()];
    if (all.length === 0 || !all.every(({ hasEnough }) => hasEnough)) return;
    if (this.low.signal.aborted) this.low = new AbortController();
    await this.options.environment.sleep(HOLD_MS, this.low.signal);
  }

  /** Fetches a partition from where its subscription stands, or not at all. */
  private flow(partition: number): void {
    const { topic } = this.options;
    const subscription = this.subscriptions.get(partition);
    if (!this.isJoined || this.consumer === undefined) return;
    if (subscription === undefined || subscription.isFull) return this.halt(partition);
    this.consumer.seek({ topic, partition, offset: `${subscription.wanted}` });
    this.consumer.resume([{ topic, partitions: [partition] }]);
  }

  private halt(partition: number): void {
    this.consumer?.pause([{ topic: this.options.topic, partitions: [partition] }]);
  }

  private forget(partition: number, subscription: KafkaSubscription): void {
    if (this.subscriptions.get(partition) !== subscription) return;
    this.subscriptions.delete(partition);
    this.low.abort();
    if (this.isJoined) this.halt(partition);
  }

  private crashed(consumer: Consumer, error: unknown): void {
    if (this.consumer !== consumer) return;
    for (const subscription of this.subscriptions.values())
      subscription.fail(explained(error, `Reading '${this.options.topic}'`));
    this.leave().catch(() => undefined);
  }

  private async leave(): Promise<void> {
    const { consumer } = this;
    this.consumer = undefined;
    this.isJoined = false;
    // Who is told to leave while it joins does not hear of it, and fetches for nobody as long as the process lives: it leaves when it has joined.
    if (consumer !== undefined && !this.beginning.has(consumer)) await consumer.disconnect();
  }
}
