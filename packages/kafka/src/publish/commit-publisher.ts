import {
  NotFound,
  partitionOf,
  TransportUnavailable,
  type Environment,
  type RelayedCommit,
  type TopicDefinition,
} from '@nestfold/core';
import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import { explained, isNoTopic } from '../connection/failure.js';
import { Portion } from '../connection/portion.js';
import { commitMessage, sizeOf, type CommitMessage } from '../wire/commit-message.js';
import type { Seal } from '../wire/seal.js';

/** What goes in one request: a broker stores what goes to one partition as one batch, which it refuses above its limit. */
const [REQUEST_MESSAGES, REQUEST_BYTES] = [500, 900_000];

/** Within the timeout of a batch; then the producer is thrown away. */
const RETRIES = 3;

/** Where commits go, and how long an answer is waited for, in milliseconds: a client that gives up earlier would by itself send as much again. */
export interface PublisherOptions {
  /** By the name that the broker knows. */
  readonly topic: TopicDefinition;
  /** The CloudEvents source. */
  readonly source: string;
  readonly seal?: Seal;
  readonly timeoutMs: number;
}

/**
 * Sends commits to one topic, each to the partition of its stream's slice, in requests one after the other that all replicas acknowledge. After any
 * failure the producer is thrown away: its sequence numbers may be broken for good, and what it still has on its way is sent again by the caller.
 */
export class CommitPublisher {
  private producer: Promise<Producer> | undefined;
  private readonly portion: Portion;

  constructor(
    private readonly kafka: Kafka,
    private readonly environment: Environment,
    private readonly options: PublisherOptions,
  ) {
    this.portion = new Portion(REQUEST_BYTES, options.timeoutMs);
  }

  /** Throws `TransportUnavailable`: any of the commits may be in the topic then, or get there yet; and `NotFound`. */
  async publish(commits: readonly RelayedCommit[]): Promise<void> {
    const producer = (this.producer ??= this.connect());
    try {
      for (const { messages, bytes } of requestsOf(commits, this.options, this.portion)) {
        const begun = this.environment.now();
        await this.inTime(producer, messages);
        this.portion.answered(bytes, this.environment.now() - begun);
      }
    } catch (error) {
      this.discard();
      const { name } = this.options.topic;
      throw isNoTopic(error) ? new NotFound('topic', name) : explained(error, `Publishing to '${name}'`);
    }
  }

  async close(): Promise<void> {
    const producer = await this.producer?.catch(() => undefined);
    this.producer = undefined;
    await producer?.disconnect();
  }

  private async inTime(connecting: Promise<Producer>, messages: Message[]): Promise<void> {
    const answered = new AbortController();
    const sending = connecting.then((producer) =>
      producer.send({ topic: this.options.topic.name, acks: -1, messages }),
    );
    sending.catch(() => undefined);
    const patience = this.environment.sleep(this.options.timeoutMs, answered.signal).then(() => {
      if (answered.signal.aborted) return;
      this.portion.unanswered();
      throw new TransportUnavailable('The broker does not acknowledge a batch.');
    });
    patience.catch(() => undefined);
    try {
      await Promise.race([sending, patience]);
    } finally {
      // Without a reason it would make an error, with a stack, for each batch.
      answered.abort('answered');
    }
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      // By itself it would try for ever, also when it has been thrown away, and send what is long since sent by another.
      retry: { retries: RETRIES },
      allowAutoTopicCreation: false,
      // Not asked, since each message names its partition; named, or the client warns.
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }

  private discard(): void {
    const { producer } = this;
    this.producer = undefined;
    void producer?.then((one) => one.disconnect()).catch(() => undefined);
  }
}

/** Commits cut into requests that a broker takes. */
function* requestsOf(
  commits: readonly RelayedCommit[],
  { topic, source, seal }: PublisherOptions,
  portion: Portion,
): Iterable<{ readonly messages: Message[]; readonly bytes: number }> {
  let messages: Message[] = [];
  let bytes = 0;
  for (const relayed of commits) {
    const unsealed = commitMessage(relayed, source);
    const message = seal?.on(unsealed) ?? unsealed;
    const size = sizeOf(message);
    if (messages.length > 0 && (messages.length >= REQUEST_MESSAGES || bytes + size > portion.bytes)) {
      yield { messages, bytes };
      [messages, bytes] = [[], 0];
    }
    messages.push(placed(message, partitionOf(relayed.commit.stream, topic.partitions)));
    bytes += size;
  }
  if (messages.length > 0) yield { messages, bytes };
}

function placed({ key, value, headers }: CommitMessage, partition: number): Message {
  return { key, value, headers: { ...headers }, partition };
}
