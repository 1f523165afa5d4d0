import {
  ConfigurationError,
  isNotFound,
  type PartitionReach,
  type RefusedMessage,
  type RefusedPage,
  type RefusedQuery,
  type RelayedCommit,
  type TopicDefinition,
  type TopicReader,
  type TransportConnection,
  type TransportOptions,
} from '@nestfold/core';
import { Kafka } from 'kafkajs';
import { KafkaReader, type ReaderOptions } from '../consume/kafka.reader.js';
import { keptMessageOf, keptMessages } from '../consume/kept-messages.js';
import { CommitPublisher } from '../publish/commit-publisher.js';
import { REFUSED, RefusedMessages } from '../publish/refused-messages.js';
import { TopicAdmin } from '../topic/topic-admin.js';
import { Seal } from '../wire/seal.js';
import { clientLog } from './client-log.js';
import { secretsOf, topicsOf, type KafkaOptions } from './kafka-options.js';

/** The second is the client's own. */
const [PUBLISH_TIMEOUT_MS, REQUEST_TIMEOUT_MS] = [15_000, 30_000];

/** One Kafka, seen through the port. Everything connects when it is first needed. */
export class KafkaConnection implements TransportConnection {
  readonly topics: readonly TopicDefinition[];
  private readonly kafka: Kafka;
  /** Its requests are given up by who publishes, who sends less the next time, and not by the client, which would send as much again. */
  private readonly sending: Kafka;
  private readonly admin: TopicAdmin;
  private readonly refusals: RefusedMessages;
  private readonly requestTimeoutMs: number;
  private readonly publishTimeoutMs: number;
  private readonly publishers = new Map<string, CommitPublisher>();
  private readonly readers = new Set<KafkaReader>();

  /** Throws `ConfigurationError` for options that cannot be. */
  constructor(
    private readonly options: KafkaOptions,
    private readonly runtime: TransportOptions,
  ) {
    this.topics = topicsOf(options);
    const { client, brokers, prefix: clientId, publishTimeoutMs = PUBLISH_TIMEOUT_MS } = options;
    this.requestTimeoutMs = client?.requestTimeout ?? REQUEST_TIMEOUT_MS;
    this.publishTimeoutMs = publishTimeoutMs;
    const config = { ...client, brokers: [...brokers], clientId, logCreator: clientLog(runtime.logger) };
    this.kafka = new Kafka(config);
    this.sending = new Kafka({ ...config, requestTimeout: Math.max(this.requestTimeoutMs, publishTimeoutMs) });
    this.admin = new TopicAdmin(this.kafka, options.replicationFactor);
    this.refusals = new RefusedMessages(this.kafka);
  }

  prepare(topics: readonly TopicDefinition[]): Promise<void> {
    const wanted = topics.map((topic) => ({ ...topic, name: this.full(topic.name) }));
    return this.admin.prepare([...wanted, ...wanted.map(({ name }) => besideOf(name))]);
  }

  publish(topic: string, commits: readonly RelayedCommit[]): Promise<void> {
    return this.publisher(topic).publish(commits);
  }

  reach(topic: string): Promise<readonly PartitionReach[]> {
    return this.admin.reach(this.full(topic));
  }

  reader(consumer: string, topic: string): TopicReader {
    const { environment } = this.runtime;
    const { partitions } = this.definition(topic);
    const reader = new KafkaReader(this.kafka, {
      topic: this.full(topic),
      partitions,
      // Offsets are kept with the read models: a group that nobody else joins needs no name that lasts.
      group: `${this.options.prefix}.${consumer}.${environment.uuid()}`,
      reach: () => this.reach(topic),
      ...this.patience,
      ...this.sealOf(topic),
    });
    this.readers.add(reader);
    return { open: (partition, from) => reader.open(partition, from), close: () => this.closeReader(reader) };
  }

  async refused(topic: string, query: RefusedQuery): Promise<RefusedPage> {
    const beside = this.full(topic) + REFUSED;
    const [reach] = await this.admin.reach(beside);
    if (reach === undefined) return { messages: [], kept: 0 };
    const reading = {
      topic: beside,
      partitions: 1,
      group: `${this.options.prefix}.refused.${this.runtime.environment.uuid()}`,
      reach: () => this.admin.reach(beside),
      ...this.patience,
    };
    const messages = await keptMessages(new KafkaReader(this.kafka, reading), reach, query);
    return { messages: messages.map((one) => keptMessageOf(topic, one)), kept: reach.end - reach.earliest };
  }

  /** How all readers wait for the broker. */
  private get patience(): Pick<ReaderOptions, 'environment' | 'unanswered' | 'requestTimeoutMs'> {
    return {
      environment: this.runtime.environment,
      unanswered: (sentAt) => this.admin.renew(sentAt),
      requestTimeoutMs: this.requestTimeoutMs,
    };
  }

  async refuse(message: RefusedMessage): Promise<void> {
    const refused = { ...message, topic: this.full(message.topic) };
    try {
      await this.refusals.keep(refused);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      // Operators who have done with what was kept delete it.
      await this.admin.prepare([besideOf(refused.topic)]);
      await this.refusals.keep(refused);
    }
  }

  async close(): Promise<void> {
    await Promise.all([
      ...[...this.readers].map((reader) => reader.close()),
      ...[...this.publishers.values()].map((publisher) => publisher.close()),
      this.refusals.close(),
      this.admin.close(),
    ]);
  }

  private async closeReader(reader: KafkaReader): Promise<void> {
    this.readers.delete(reader);
    await reader.close();
  }

  private publisher(topic: string): CommitPublisher {
    const present = this.publishers.get(topic);
    if (present !== undefined) return present;
    const definition = { ...this.definition(topic), name: this.full(topic) };
    const publisher = new CommitPublisher(this.sending, this.runtime.environment, {
      topic: definition,
      source: `/${this.options.prefix}`,
      ...this.sealOf(topic),
      timeoutMs: this.publishTimeoutMs,
    });
    this.publishers.set(topic, publisher);
    return publisher;
  }

  private definition(topic: string): TopicDefinition {
    const found = this.topics.find(({ name }) => name === topic);
    if (found !== undefined) return found;
    throw new ConfigurationError(
      `There is no topic '${topic}' in the options of kafka: add it to topics, or name one of ${this.topics.map(({ name }) => `'${name}'`).join(', ')}.`,
    );
  }

  private sealOf(topic: string): { readonly seal?: Seal } {
    const [first, ...others] = secretsOf(this.options);
    return first === undefined ? {} : { seal: new Seal(this.full(topic), [first, ...others]) };
  }

  private full(topic: string): string {
    return `${this.options.prefix}.${topic}`;
  }
}

/** What was refused of a topic: to be looked at, not to be kept in the order of streams. */
function besideOf(topic: string): TopicDefinition {
  return { name: topic + REFUSED, categories: [], partitions: 1 };
}
